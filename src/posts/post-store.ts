import type { Database } from '../database/client.js';
import type { Prisma } from '../database/generated/client.js';
import type { PostStatus } from '../database/generated/enums.js';
import { coalesceById } from '../shared/coalesce.js';
import { postListing, type PostsAsked } from './listed-posts.js';
import { countStatement } from './visible-posts.js';

const POST_FIELDS = {
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

export interface PostStore {
  /** One post by id; reads of one turn of the event loop are one statement. */
  find(id: string): Promise<PostRow | undefined>;
  /** Posts that the reader may see, newest first; lists of one turn that are alike are one statement. */
  list(asked: PostsAsked): Promise<ListedPost[]>;
  count(readerId: string, filter: PostFilter): Promise<number>;
  insert(row: PostRow): Promise<void>;
  /** Changes a post of this author; undefined when there is none. */
  update(id: string, authorId: string, change: Prisma.PostUncheckedUpdateManyInput): Promise<PostRow | undefined>;
  /** Like `update`, but only from one status to the other: undefined when it is not in `from`. */
  move(
    id: string,
    authorId: string,
    from: PostStatus,
    change: Prisma.PostUncheckedUpdateManyInput,
  ): Promise<PostRow | undefined>;
  remove(id: string, authorId: string): Promise<boolean>;
}

export function postStore(database: Database): PostStore {
  const { post } = database;
  return {
    find: coalesceById((ids) => post.findMany({ where: { id: { in: ids } }, select: POST_FIELDS })),
    list: postListing(database),
    async count(readerId, filter) {
      const statement = countStatement(readerId, filter);
      const [row] = statement ? await database.$queryRaw<{ total: bigint }[]>(statement) : [];
      return Number(row?.total ?? 0);
    },
    async insert(row) {
      await post.create({ data: row, select: { id: true } });
    },
    async update(id, authorId, change) {
      const [row] = await post.updateManyAndReturn({ where: { id, authorId }, data: change, select: POST_FIELDS });
      return row;
    },
    async move(id, authorId, from, change) {
      const where = { id, authorId, status: from };
      const [row] = await post.updateManyAndReturn({ where, data: change, select: POST_FIELDS });
      return row;
    },
    async remove(id, authorId) {
      return (await post.deleteMany({ where: { id, authorId } })).count > 0;
    },
  };
}
