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
export function visiblePosts(accountId: string, { authorId, status }: PostFilter): Prisma.Sql[] {
  const published = Prisma.sql`"status" = 'PUBLISHED'`;
  const ownDrafts = Prisma.sql`"status" = 'DRAFT' AND "authorId" = ${accountId}`;
  const conditions: Prisma.Sql[] = [];
  if (status !== 'DRAFT') {
    conditions.push(authorId == null ? published : Prisma.sql`${published} AND "authorId" = ${authorId}`);
  }
  if (status !== 'PUBLISHED' && (authorId ?? accountId) === accountId) conditions.push(ownDrafts);
  return conditions;
}
