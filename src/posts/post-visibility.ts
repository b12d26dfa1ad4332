import { Prisma } from '../database/generated/client.js';
import type { PageWindow } from '../database/page-window.js';
import type { ListedPost, PostColumn, PostFilter } from './post-row.js';

/**
 * The statement for a window of the posts that readers may see. Everybody sees what is published; drafts are seen by
 * their author alone. What is published and the drafts of each reader are read from their own index in the order of the
 * list, however many posts there are: with an OR, SQLite collects and sorts all of them. Each of these parts is as long
 * as the window; `stretchFor` picks out of them. `undefined` when the filter leaves nothing to see.
 */
export function listStatement(
  readerIds: readonly string[],
  filter: PostFilter,
  { olderThan, newerThan, take, fromEnd }: PageWindow,
  columns: ReadonlySet<PostColumn>,
): Prisma.Sql | undefined {
  const order = fromEnd ? Prisma.sql`ORDER BY "id" ASC` : Prisma.sql`ORDER BY "id" DESC`;
  const selected = Prisma.raw(['id', 'authorId', 'status', ...columns].map((name) => `"${name}"`).join(', '));
  const conditions = [...publishedCondition(filter), ...readerIds.flatMap((id) => draftsCondition(id, filter))];
  const parts = conditions.map((condition) => {
    const where = [
      condition,
      ...(olderThan === undefined ? [] : [Prisma.sql`"id" < ${olderThan}`]),
      ...(newerThan === undefined ? [] : [Prisma.sql`"id" > ${newerThan}`]),
    ];
    return Prisma.sql`SELECT * FROM (
      SELECT ${selected} FROM "Post" WHERE ${Prisma.join(where, ' AND ')} ${order} LIMIT ${take}
    ) AS "part"`;
  });
  if (parts.length === 0) return undefined;
  return Prisma.sql`${Prisma.join(parts, ' UNION ALL ')} ${order}`;
}

/** Of the rows that `listStatement` finds for several readers, those that one of them gets. */
export function windowFor<Row extends ListedPost>(readerId: string, rows: readonly Row[], { take }: PageWindow): Row[] {
  return rows.filter(({ status, authorId }) => status === 'PUBLISHED' || authorId === readerId).slice(0, take);
}

/** The statement for the number of posts that a reader may see, as `total`. */
export function countStatement(readerId: string, filter: PostFilter): Prisma.Sql | undefined {
  const conditions = [...publishedCondition(filter), ...draftsCondition(readerId, filter)];
  const parts = conditions.map((condition) => Prisma.sql`(SELECT count(*) FROM "Post" WHERE ${condition})`);
  return parts.length === 0 ? undefined : Prisma.sql`SELECT ${Prisma.join(parts, ' + ')} AS "total"`;
}

/** What holds for the published posts that the filter asks for; nothing when it asks for none. */
function publishedCondition({ authorId, status, search }: PostFilter): Prisma.Sql[] {
  if (status === 'DRAFT') return [];
  const published = Prisma.sql`"status" = 'PUBLISHED'`;
  const by = authorId == null ? published : Prisma.sql`${published} AND "authorId" = ${authorId}`;
  return [searched(by, search)];
}

/** What holds for a reader's own drafts that the filter asks for. */
function draftsCondition(readerId: string, { authorId, status, search }: PostFilter): Prisma.Sql[] {
  if (status === 'PUBLISHED' || (authorId ?? readerId) !== readerId) return [];
  return [searched(Prisma.sql`"status" = 'DRAFT' AND "authorId" = ${readerId}`, search)];
}

function searched(condition: Prisma.Sql, search: string | null | undefined): Prisma.Sql {
  const text = search?.trim();
  return text ? Prisma.sql`${condition} AND ${containing(text)}` : condition;
}

/** Holds where title or body contain the text, in upper or lower case; `%` and `_` in it stand for themselves. */
function containing(text: string): Prisma.Sql {
  const pattern = Prisma.sql`lower(${`%${text.replace(/[\\%_]/g, '\\$&')}%`})`;
  return Prisma.sql`(lower("title") LIKE ${pattern} ESCAPE '\\' OR lower("body") LIKE ${pattern} ESCAPE '\\')`;
}
