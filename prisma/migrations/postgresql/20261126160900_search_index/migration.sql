-- Some servers do not have this extension, or do not let this role create it. Searches then read posts as before.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE 'pg_trgm is not available: %', SQLERRM;
END;
$$;

-- The extension may be in a schema that is not on the search_path. An operator may have created the index before.
-- A post that is not folded yet has a text of its own, see src/posts/search-candidates.ts.
DO $$
DECLARE
    "operatorClass" text := (
        SELECT format('%I.gin_trgm_ops', nspname) FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
        WHERE extname = 'pg_trgm' AND has_schema_privilege(pg_namespace.oid, 'USAGE'));
BEGIN
    IF "operatorClass" IS NOT NULL THEN
        EXECUTE 'CREATE INDEX IF NOT EXISTS "Post_text_idx" ON "Post"
            USING gin (coalesce("foldedTitle" || E''\n'' || "foldedBody", ''not0in0the0index'') ' || "operatorClass" || ')';
    END IF;
END;
$$;
