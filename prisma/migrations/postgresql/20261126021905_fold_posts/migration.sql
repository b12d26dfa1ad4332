-- AlterTable
ALTER TABLE "Post" ADD COLUMN     "foldedBody" TEXT,
ADD COLUMN     "foldedTitle" TEXT;

-- A writer that does not know these columns, such as an earlier version, changes the text alone. What was folded before
-- is then out of date. Null means that it must be folded again.
CREATE FUNCTION "Post_unfold"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW."title" <> OLD."title" AND NEW."foldedTitle" = OLD."foldedTitle" THEN
        NEW."foldedTitle" := NULL;
    END IF;
    IF NEW."body" <> OLD."body" AND NEW."foldedBody" = OLD."foldedBody" THEN
        NEW."foldedBody" := NULL;
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER "Post_unfold" BEFORE UPDATE OF "title", "body" ON "Post"
FOR EACH ROW EXECUTE PROCEDURE "Post_unfold"();
