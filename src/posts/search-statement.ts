import type { Database } from '../database/client.js';
import { Prisma } from '../database/generated/client.js';
import { boundsOf, orderBy, type ListOrder } from '../database/list-order.js';
import type { PageWindow } from '../database/page-window.js';
import { foldForSearch } from './fold-for-search.js';

/** What one statement reads at most. On SQLite it blocks the event loop: 30 ms in the worst case that was found. */
const STATEMENT = { posts: 250, bytes: 256_000 } as const;

const NEWEST_FIRST: ListOrder = { descending: true };

/** What one statement has read. */
export interface PostsRead {
  readonly found: string[];
  readonly count: number;
  readonly bytes: number;
  /** The last post that was read; undefined at the end of the window. */
  readonly last: string | undefined;
}

/** Reads the first posts of a window, but not more than one statement may, and finds the text in them. */
export async function readPosts(
  database: Database,
  text: string,
  conditions: readonly Prisma.Sql[],
  window: PageWindow,
): Promise<PostsRead> {
  if (conditions.length === 0) return { found: [], count: 0, bytes: 0, last: undefined };
  const { fromEnd } = window;
  const order = Prisma.raw(fromEnd ? 'ASC' : 'DESC');
  const first = Prisma.sql`${orderBy(NEWEST_FIRST, fromEnd)} LIMIT ${STATEMENT.posts}`;
  const parts = conditions.map((condition) => {
    const where = Prisma.join([condition, ...boundsOf(window, NEWEST_FIRST)], ' AND ');
    return Prisma.sql`SELECT * FROM (SELECT "id" FROM "Post" WHERE ${where} ${first}) AS "part"`;
  });
  const position = Prisma.raw(database.provider === 'sqlite' ? 'instr' : 'strpos');
  // The lengths are known without reading the texts.
  const [row] = await database.$queryRaw<[Aggregate]>`
    WITH "candidate" AS (SELECT "id" FROM (${Prisma.join(parts, ' UNION ALL ')}) AS "parts" ${first}),
    "sized" AS (
      SELECT "id", coalesce(octet_length("foldedTitle"), octet_length("title"))
        + coalesce(octet_length("foldedBody"), octet_length("body")) AS "bytes"
      FROM "Post" WHERE "id" IN (SELECT "id" FROM "candidate")),
    "summed" AS (SELECT "id", "bytes", sum("bytes") OVER (ORDER BY "id" ${order}) AS "sum" FROM "sized")
    SELECT
      count(*) AS "count",
      sum("bytes") AS "bytes",
      (SELECT count(*) FROM "candidate") AS "candidates",
      ${Prisma.raw(fromEnd ? 'max' : 'min')}("Post"."id") AS "last",
      string_agg(CASE WHEN ${position}("foldedTitle", ${text}) > 0 OR ${position}("foldedBody", ${text}) > 0
        THEN "Post"."id" END, ',') AS "found",
      string_agg(CASE WHEN "foldedTitle" IS NULL OR "foldedBody" IS NULL THEN "Post"."id" END, ',') AS "unfolded"
    FROM "summed" JOIN "Post" ON "Post"."id" = "summed"."id"
    WHERE "sum" - "bytes" < ${STATEMENT.bytes}`;
  const found = new Set([...idsIn(row.found), ...(await foundIn(database, text, idsIn(row.unfolded)))]);
  const count = Number(row.count);
  const isEnd = count === Number(row.candidates) && count < STATEMENT.posts;
  return {
    found: [...found].sort((one, other) => (one < other === fromEnd ? -1 : 1)),
    count,
    bytes: Number(row.bytes),
    last: isEnd ? undefined : (row.last ?? undefined),
  };
}

interface Aggregate {
  readonly count: bigint;
  readonly candidates: bigint;
  readonly bytes: bigint | null;
  readonly last: string | null;
  readonly found: string | null;
  readonly unfolded: string | null;
}

function idsIn(list: string | null): string[] {
  return list === null ? [] : list.split(',');
}

/** Finds the text in posts that are not folded: an earlier version wrote them, and nobody has folded them yet. */
async function foundIn({ post }: Database, text: string, unfolded: string[]): Promise<string[]> {
  if (unfolded.length === 0) return [];
  const posts = await post.findMany({
    where: { id: { in: unfolded } },
    select: { id: true, title: true, body: true },
  });
  return posts
    .filter(({ title, body }) => [title, body].some((each) => foldForSearch(each).includes(text)))
    .map(({ id }) => id);
}
