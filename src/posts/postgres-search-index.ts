import { isStatementTimeout } from '../database/outage.js';
import type { Database } from '../database/client.js';
import { Prisma } from '../database/generated/client.js';
import { inTransaction } from '../database/transaction.js';
import type { BackgroundTasks } from '../shared/background-tasks.js';
import type { Logger } from '../shared/logger.js';
import { MOST_CANDIDATES, UNINDEXED, unlessTooMany, type SearchIndex } from './search-candidates.js';

/** Reading posts is faster than an index that takes longer, as it does if many posts contain the parts of a text apart. */
const TIMEOUT_MS = 100;
/** The index ignores characters that are neither letters nor digits, and finds nothing shorter than three. */
const WORD = /[\p{L}\p{N}]{3}/u;

/** The expression of the index `Post_text_idx`. */
const INDEXED = Prisma.sql`coalesce("foldedTitle" || E'\n' || "foldedBody", ${Prisma.raw(`'${UNINDEXED}'`)})`;

/** The schema of pg_trgm, quoted. Null if there is no index, or an index that is not complete. */
const EXTENSION_SCHEMA = Prisma.sql`(
  SELECT quote_ident(nspname) FROM pg_index JOIN pg_opclass ON pg_opclass.oid = indclass[0]
    JOIN pg_namespace ON pg_namespace.oid = opcnamespace
  WHERE indexrelid = to_regclass('"Post_text_idx"') AND indisvalid AND has_schema_privilege(pg_namespace.oid, 'USAGE'))`;

interface Prepared {
  readonly schema: string | null;
}

/** The index of trigrams on the folded texts, of the extension pg_trgm. */
export function postgresSearchIndex(database: Database, later: BackgroundTasks, logger: Logger): SearchIndex {
  async function candidates(text: string): Promise<readonly string[] | undefined> {
    const word = WORD.exec(text)?.[0];
    if (word === undefined) return undefined;
    try {
      return await inTransaction(database, async ({ client }) => {
        // Until the end of the transaction. Without the index, the planner would read all posts.
        const [prepared] = await client.$queryRaw<Prepared[]>`
          SELECT ${EXTENSION_SCHEMA} AS "schema", set_config('statement_timeout', ${`${TIMEOUT_MS}ms`}, true),
            set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)`;
        if (prepared?.schema == null) return undefined;
        // In some locales only ASCII letters are letters. All three make four trigrams, because they stand between spaces.
        const [row] = await client.$queryRaw<{ ids: string[] | null }[]>`
          SELECT CASE WHEN cardinality(${Prisma.raw(prepared.schema)}.show_trgm(${word})) = 4 THEN ARRAY(
            SELECT "id" FROM "Post" WHERE ${INDEXED} LIKE ${`%${escaped(text)}%`} OR ${INDEXED} LIKE ${UNINDEXED}
            LIMIT ${MOST_CANDIDATES + 1}) END AS "ids"`;
        return row?.ids ? unlessTooMany(row.ids) : undefined;
      });
    } catch (error) {
      if (isStatementTimeout(error)) return undefined;
      throw error;
    }
  }

  return {
    candidates,
    changed: () => undefined, // PostgreSQL updates the index itself.
    start: () => later.run('checking the search index', () => reportMissingIndex(database, logger)),
  };
}

/** Logs once that searches read posts, because the database has no index. */
async function reportMissingIndex(database: Database, logger: Logger): Promise<void> {
  const [found] = await database.$queryRaw<Prepared[]>`SELECT ${EXTENSION_SCHEMA} AS "schema"`;
  if (found?.schema != null) return;
  logger.warn(
    { event: 'posts.search_index_missing' },
    'searches are slow without the index Post_text_idx; see docs/running.md',
  );
}

function escaped(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
