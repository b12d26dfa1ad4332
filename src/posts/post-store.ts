import type { Database } from '../database/client.js';
import type { Prisma } from '../database/generated/client.js';
import type { PostStatus } from '../database/generated/enums.js';
import type { Replication } from '../database/read-replica.js';
import { inTransaction } from '../database/transaction.js';
import type { PostsAsked } from './listed-posts.js';
import { postReading, replicatedReading } from './post-reading.js';

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

export interface PostStore {
  /** One post by id; reads of one turn of the event loop are one statement. */
  find(id: string, readerId: string): Promise<PostRow | undefined>;
  /** The same, never late: to decide what a change does. */
  findForChange(id: string, readerId: string): Promise<PostRow | undefined>;
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

/** `replication` takes the reads that may be a little late. Writes then tell all processes whose reads may not be. */
export function postStore(database: Database, replication?: Replication): PostStore {
  const primary = postReading(database);
  const reading = replication ? replicatedReading(primary, replication) : primary;

  async function write<Result>(
    authorId: string,
    statement: (client: Prisma.TransactionClient) => Promise<Result>,
  ): Promise<Result> {
    if (!replication) return statement(database);
    return inTransaction(database, async ({ client, announce, afterCommit }) => {
      announce({ wrote: authorId });
      afterCommit(() => replication.reads.wrote(authorId));
      return statement(client);
    });
  }

  return {
    ...reading,
    findForChange: (id, readerId) => primary.find(id, readerId),
    async insert(row) {
      await write(row.authorId, ({ post }) => post.create({ data: row, select: { id: true } }));
    },
    async update(id, authorId, data) {
      const [row] = await write(authorId, ({ post }) =>
        post.updateManyAndReturn({ where: { id, authorId }, data, select: POST_FIELDS }),
      );
      return row;
    },
    async move(id, authorId, from, data) {
      const where = { id, authorId, status: from };
      const [row] = await write(authorId, ({ post }) => post.updateManyAndReturn({ where, data, select: POST_FIELDS }));
      return row;
    },
    async remove(id, authorId) {
      return (await write(authorId, ({ post }) => post.deleteMany({ where: { id, authorId } }))).count > 0;
    },
  };
}
