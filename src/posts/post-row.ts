import type { Prisma } from '../database/generated/client.js';
import { foldForSearch } from './fold-for-search.js';

/** The columns that the API reads. Those for the search stay in the database. */
export const POST_FIELDS = {
  id: true,
  authorId: true,
  title: true,
  body: true,
  status: true,
  publishedAt: true,
  createdAt: true,
  updatedAt: true,
} satisfies Prisma.PostSelect;

export type PostRow = Prisma.PostGetPayload<{ select: typeof POST_FIELDS }>;

/** A title as it is stored, and as searches compare it. */
export function titleColumns(given: string) {
  const title = given.trim();
  return { title, foldedTitle: foldForSearch(title) };
}

export function bodyColumns(body: string) {
  return { body, foldedBody: foldForSearch(body) };
}
