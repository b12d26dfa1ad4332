import type { Database } from '../database/client.js';
import { Prisma } from '../database/generated/client.js';
import { inTransaction } from '../database/transaction.js';
import { workAndRest } from '../shared/cleanup-rounds.js';
import type { Logger } from '../shared/logger.js';
import { foldForSearch } from './fold-for-search.js';
import type { SearchIndex } from './search-candidates.js';

/** Posts of which one statement finds out whether they are folded. */
const EXAMINED = 500;
/** Posts that one transaction folds. */
const BATCH = 20;
/** After each batch the work pauses for this many times as long as the batch took, so that few requests wait. */
const REST_FACTOR = 4;

/**
 * Folds the posts that an earlier version wrote, newest first. It can stop at any time and start again. Searches find these
 * posts before that too, but slower.
 */
export async function foldStoredPosts(
  database: Database,
  changed: SearchIndex['changed'],
  stopping: AbortSignal,
  logger: Logger,
): Promise<void> {
  let total = 0;
  let examined: string | undefined;
  while (!stopping.aborted) {
    const { oldest, unfolded } = await workAndRest(() => examineNext(database, examined), stopping, REST_FACTOR);
    if (oldest === null) break;
    let batch = unfolded > 0 ? BATCH : 0;
    for (; batch === BATCH && !stopping.aborted; total += batch) {
      const lengths = await workAndRest(() => foldBatch(database, oldest, examined), stopping, REST_FACTOR);
      lengths.forEach(changed);
      batch = lengths.length;
    }
    examined = oldest;
  }
  if (total > 0) logger.info({ event: 'posts.folded', count: total }, 'posts of an earlier version were folded');
}

interface Examined {
  /** The last post; null at the end. */
  readonly oldest: string | null;
  readonly unfolded: bigint;
}

async function examineNext(database: Database, examined: string | undefined): Promise<Examined> {
  const next = Prisma.sql`
    SELECT "id", "foldedTitle" IS NULL OR "foldedBody" IS NULL AS "isUnfolded" FROM "Post"
    WHERE ${olderThan(examined)} ORDER BY "id" DESC LIMIT ${EXAMINED}`;
  const [row] = await database.$queryRaw<[Examined]>`
    SELECT min("id") AS "oldest", count(CASE WHEN "isUnfolded" THEN 1 END) AS "unfolded" FROM (${next}) AS "next"`;
  return row;
}

/**
 * Resolves to the lengths of the posts. Nobody changes them meanwhile: SQLite serializes writers, and PostgreSQL locks the
 * rows.
 */
async function foldBatch(database: Database, oldest: string, examined: string | undefined): Promise<number[]> {
  return inTransaction(database, async ({ client }) => {
    const unlessTaken = database.provider === 'postgresql' ? Prisma.sql`FOR UPDATE SKIP LOCKED` : Prisma.empty;
    const posts = await client.$queryRaw<{ id: string; title: string; body: string }[]>`
      SELECT "id", "title", "body" FROM "Post"
      WHERE ("foldedTitle" IS NULL OR "foldedBody" IS NULL) AND "id" >= ${oldest} AND ${olderThan(examined)}
      LIMIT ${BATCH} ${unlessTaken}`;
    for (const { id, title, body } of posts) {
      const data = { foldedTitle: foldForSearch(title), foldedBody: foldForSearch(body) };
      await client.post.updateMany({ where: { id }, data });
    }
    return posts.map(({ title, body }) => title.length + body.length);
  });
}

function olderThan(id: string | undefined): Prisma.Sql {
  return id === undefined ? Prisma.sql`1 = 1` : Prisma.sql`"id" < ${id}`;
}
