import type { Prisma } from '../database/generated/client.js';
import type { PostStatus } from '../database/generated/enums.js';

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

/** What a list may leave out of its posts. */
export const POST_COLUMNS = ['title', 'body', 'publishedAt', 'createdAt', 'updatedAt'] as const;
export type PostColumn = (typeof POST_COLUMNS)[number];
export type ListedPost = Omit<PostRow, PostColumn> & Partial<PostRow>;

export interface PostFilter {
  readonly authorId?: string | null;
  readonly status?: PostStatus | null;
  readonly search?: string | null;
}
