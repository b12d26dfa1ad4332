import { Prisma } from '../database/generated/client.js';
import type { PostFilter } from './post.input.js';
import type { Post } from './post.type.js';

/** Whether an account may see a post: everybody sees a published post, and only its author sees a draft. */
export function maySee(accountId: string, { status, authorId }: Pick<Post, 'status' | 'authorId'>): boolean {
  return status === 'PUBLISHED' || authorId === accountId;
}

/**
 * The same rule as conditions for lists: the posts that the account may see and the filter selects. A post meets at most
 * one of them. There is no condition if the filter selects nothing.
 */
export function visiblePosts(accountId: string, { authorId, status, search }: PostFilter): Prisma.Sql[] {
  const published = Prisma.sql`"status" = 'PUBLISHED'`;
  const ownDrafts = Prisma.sql`"status" = 'DRAFT' AND "authorId" = ${accountId}`;
  const conditions: Prisma.Sql[] = [];
  if (status !== 'DRAFT') {
    conditions.push(authorId == null ? published : Prisma.sql`${published} AND "authorId" = ${authorId}`);
  }
  if (status !== 'PUBLISHED' && (authorId ?? accountId) === accountId) conditions.push(ownDrafts);
  const text = search?.trim();
  return text ? conditions.map((condition) => Prisma.sql`${condition} AND ${containing(text)}`) : conditions;
}

/** The condition that title or body contain the text, ignoring case. `%` and `_` are not wildcards. */
function containing(text: string): Prisma.Sql {
  const pattern = Prisma.sql`lower(${`%${text.replace(/[\\%_]/g, '\\$&')}%`})`;
  return Prisma.sql`(lower("title") LIKE ${pattern} ESCAPE '\\' OR lower("body") LIKE ${pattern} ESCAPE '\\')`;
}
