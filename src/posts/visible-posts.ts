import { Prisma } from '../database/generated/client.js';
import type { Stretch } from '../shared/page.js';
import type { PostFilter } from './post-store.js';

/**
 * The statement for a stretch of the posts that a reader may see. Everybody sees what is published; drafts are seen by
 * their author alone. Each of the two is read from its own index in the order of the list, however many posts there
 * are: with an OR, SQLite collects and sorts all of them. `undefined` when the filter leaves nothing to see.
 */
export function listStatement(
  readerId: string,
  filter: PostFilter,
  { olderThan, newerThan, take, fromEnd }: Stretch,
): Prisma.Sql | undefined {
  const order = fromEnd ? Prisma.sql`ORDER BY "id" ASC` : Prisma.sql`ORDER BY "id" DESC`;
  const parts = conditions(readerId, filter).map((condition) => {
    const where = [
      condition,
      ...(olderThan === undefined ? [] : [Prisma.sql`"id" < ${olderThan}`]),
      ...(newerThan === undefined ? [] : [Prisma.sql`"id" > ${newerThan}`]),
    ];
    return Prisma.sql`SELECT * FROM (
      SELECT "id", "authorId", "title", "body", "status", "publishedAt", "createdAt", "updatedAt"
      FROM "Post" WHERE ${Prisma.join(where, ' AND ')} ${order} LIMIT ${take}
    ) AS "part"`;
  });
  if (parts.length === 0) return undefined;
  return Prisma.sql`${Prisma.join(parts, ' UNION ALL ')} ${order} LIMIT ${take}`;
}

/** The statement for the number of posts that a reader may see, as `total`. */
export function countStatement(readerId: string, filter: PostFilter): Prisma.Sql | undefined {
  const parts = conditions(readerId, filter).map(
    (condition) => Prisma.sql`(SELECT count(*) FROM "Post" WHERE ${condition})`,
  );
  return parts.length === 0 ? undefined : Prisma.sql`SELECT ${Prisma.join(parts, ' + ')} AS "total"`;
}

/** Disjoint conditions that together hold for what the reader may see and the filter asks for. */
function conditions(readerId: string, { authorId, status, search }: PostFilter): Prisma.Sql[] {
  const published =
    authorId == null
      ? Prisma.sql`"status" = 'PUBLISHED'`
      : Prisma.sql`"status" = 'PUBLISHED' AND "authorId" = ${authorId}`;
  const drafts = Prisma.sql`"status" = 'DRAFT' AND "authorId" = ${readerId}`;
  const parts = [
    ...(status === 'DRAFT' ? [] : [published]),
    ...(status === 'PUBLISHED' || (authorId ?? readerId) !== readerId ? [] : [drafts]),
  ];
  const text = search?.trim();
  return text ? parts.map((part) => Prisma.sql`${part} AND ${containing(text)}`) : parts;
}

/** Holds where title or body contain the text, in upper or lower case; `%` and `_` in it stand for themselves. */
function containing(text: string): Prisma.Sql {
  const pattern = Prisma.sql`lower(${`%${text.replace(/[\\%_]/g, '\\$&')}%`})`;
  return Prisma.sql`(lower("title") LIKE ${pattern} ESCAPE '\\' OR lower("body") LIKE ${pattern} ESCAPE '\\')`;
}
