-- The rows of the index have numbers. The rowid of a post does not serve, because VACUUM changes it.
CREATE TABLE "PostTextKey" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "postId" TEXT NOT NULL
);
CREATE UNIQUE INDEX "PostTextKey_postId_key" ON "PostTextKey"("postId");

-- Which posts contain a row of three characters. It stores no texts. A text that is not folded yet, or so long
-- that indexing it would block the process for 0.1 s, is replaced; see src/posts/search-candidates.ts.
CREATE VIRTUAL TABLE "PostText" USING fts5(
    "title", "body", content='', contentless_delete=1, detail=none, tokenize='trigram case_sensitive 1'
);

INSERT INTO "PostTextKey" ("postId") SELECT "id" FROM "Post" ORDER BY "id";

INSERT INTO "PostText" ("rowid", "title", "body")
SELECT "number", coalesce("foldedTitle", 'not0in0the0index'), iif(length("foldedBody") <= 50000, "foldedBody", 'not0in0the0index')
FROM "PostTextKey" JOIN "Post" ON "id" = "postId" ORDER BY "number";

CREATE TRIGGER "Post_text_insert" AFTER INSERT ON "Post"
BEGIN
    INSERT INTO "PostTextKey" ("postId") VALUES (NEW."id");
    INSERT INTO "PostText" ("rowid", "title", "body")
    SELECT "number", coalesce(NEW."foldedTitle", 'not0in0the0index'), iif(length(NEW."foldedBody") <= 50000, NEW."foldedBody", 'not0in0the0index')
    FROM "PostTextKey" WHERE "postId" = NEW."id";
END;

CREATE TRIGGER "Post_text_update" AFTER UPDATE OF "foldedTitle", "foldedBody" ON "Post"
WHEN NEW."foldedTitle" IS NOT OLD."foldedTitle" OR NEW."foldedBody" IS NOT OLD."foldedBody"
BEGIN
    DELETE FROM "PostText" WHERE "rowid" = (SELECT "number" FROM "PostTextKey" WHERE "postId" = NEW."id");
    INSERT INTO "PostText" ("rowid", "title", "body")
    SELECT "number", coalesce(NEW."foldedTitle", 'not0in0the0index'), iif(length(NEW."foldedBody") <= 50000, NEW."foldedBody", 'not0in0the0index')
    FROM "PostTextKey" WHERE "postId" = NEW."id";
END;

CREATE TRIGGER "Post_text_delete" AFTER DELETE ON "Post"
BEGIN
    DELETE FROM "PostText" WHERE "rowid" = (SELECT "number" FROM "PostTextKey" WHERE "postId" = OLD."id");
    DELETE FROM "PostTextKey" WHERE "postId" = OLD."id";
END;
