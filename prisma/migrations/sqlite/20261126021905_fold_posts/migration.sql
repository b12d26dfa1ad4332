-- AlterTable
ALTER TABLE "Post" ADD COLUMN "foldedBody" TEXT;
ALTER TABLE "Post" ADD COLUMN "foldedTitle" TEXT;

-- A writer that does not know these columns, such as an earlier version, changes the text alone. What was folded before
-- is then out of date. Null means that it must be folded again.
CREATE TRIGGER "Post_title_unfold" AFTER UPDATE OF "title" ON "Post"
WHEN NEW."title" <> OLD."title" AND NEW."foldedTitle" = OLD."foldedTitle"
BEGIN
    UPDATE "Post" SET "foldedTitle" = NULL WHERE "id" = NEW."id";
END;

CREATE TRIGGER "Post_body_unfold" AFTER UPDATE OF "body" ON "Post"
WHEN NEW."body" <> OLD."body" AND NEW."foldedBody" = OLD."foldedBody"
BEGIN
    UPDATE "Post" SET "foldedBody" = NULL WHERE "id" = NEW."id";
END;
