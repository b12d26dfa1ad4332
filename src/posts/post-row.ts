import type { Prisma } from '../database/generated/client.js';

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
