import type { Database } from '../database/client.js';
import type { Prisma } from '../database/generated/client.js';
import { coalesceById } from '../database/coalesce.js';
import { rowsById } from '../database/rows-by-id.js';
import type { PostStatus } from '../database/generated/enums.js';
import { postListLoader, type PostsAsked } from './post-list-loader.js';
import { POST_FIELDS, type ListedPost, type PostFilter, type PostRow } from './post-row.js';
import { countStatement } from './post-visibility.js';

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
  const find = coalesceById(rowsById<PostRow>(database, 'Post', POST_FIELDS));
  return {
    find,
    list: postListLoader(database),
    async count(readerId, filter) {
      const statement = countStatement(readerId, filter);
      const [row] = statement ? await database.$queryRaw<{ total: bigint }[]>(statement) : [];
      return Number(row?.total ?? 0);
    },
    async insert(row) {
      await post.create({ data: row, select: { id: true } });
    },
    async update(id, authorId, data) {
      const [row] = await post.updateManyAndReturn({ where: { id, authorId }, data, select: POST_FIELDS });
      return row;
    },
    async move(id, authorId, from, data) {
      const where = { id, authorId, status: from };
      const [row] = await post.updateManyAndReturn({ where, data, select: POST_FIELDS });
      return row;
    },
    async remove(id, authorId) {
      return (await post.deleteMany({ where: { id, authorId } })).count > 0;
    },
  };
}
