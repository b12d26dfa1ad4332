-- Posts whose text the index does not contain as it is: new, changed and deleted ones. Deleting a row updates the index.
-- Many rows in one statement take a fraction of the time; see src/posts/sqlite-indexing.ts.
CREATE TABLE "PostTextChange" (
    "postId" TEXT NOT NULL PRIMARY KEY
) WITHOUT ROWID;

-- FTS5 merges parts of the index within the statements that write to it: 64 pages for each level of parts. By default these
-- have 4 kB, and parts in which 10 % are deleted are merged alone and get a level more each time. 60,000 posts that changed
-- had 14 levels, and a statement took 2 s of processor time; with these settings 0.07 s.
INSERT INTO "PostText" ("PostText", "rank") VALUES ('pgsz', 512);
INSERT INTO "PostText" ("PostText", "rank") VALUES ('deletemerge', 30);

DROP TRIGGER "Post_text_insert";
DROP TRIGGER "Post_text_update";
DROP TRIGGER "Post_text_delete";

CREATE TRIGGER "Post_text_insert" AFTER INSERT ON "Post"
BEGIN
    INSERT INTO "PostTextChange" ("postId") VALUES (NEW."id") ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER "Post_text_update" AFTER UPDATE OF "foldedTitle", "foldedBody" ON "Post"
WHEN NEW."foldedTitle" IS NOT OLD."foldedTitle" OR NEW."foldedBody" IS NOT OLD."foldedBody"
BEGIN
    INSERT INTO "PostTextChange" ("postId") VALUES (NEW."id") ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER "Post_text_delete" AFTER DELETE ON "Post"
BEGIN
    INSERT INTO "PostTextChange" ("postId") VALUES (OLD."id") ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER "PostTextChange_delete" AFTER DELETE ON "PostTextChange"
BEGIN
    DELETE FROM "PostText" WHERE "rowid" = (SELECT "number" FROM "PostTextKey" WHERE "postId" = OLD."postId");
    DELETE FROM "PostTextKey" WHERE "postId" = OLD."postId" AND NOT EXISTS (SELECT 1 FROM "Post" WHERE "id" = OLD."postId");
    INSERT OR IGNORE INTO "PostTextKey" ("postId") SELECT "id" FROM "Post" WHERE "id" = OLD."postId";
    INSERT INTO "PostText" ("rowid", "title", "body")
    SELECT "number", coalesce("foldedTitle", 'not0in0the0index'), iif(length("foldedBody") <= 50000, "foldedBody", 'not0in0the0index')
    FROM "PostTextKey" JOIN "Post" ON "id" = "postId" WHERE "postId" = OLD."postId";
END;
