import type { PublicAccounts } from '../accounts/public-accounts.js';
import type { Database } from '../database/client.js';
import { coalesceById } from '../database/coalesce.js';
import { Prisma } from '../database/generated/client.js';
import { PostStatus } from '../database/generated/enums.js';
import { insertRows } from '../database/insert-rows.js';
import { listLoader } from '../database/list-loader.js';
import { positionsIn } from '../database/list-order.js';
import { rowsById } from '../database/rows-by-id.js';
import type { ConnectionSource } from '../database/page-window.js';
import { Failure } from '../errors/failure.js';
import { invalidInput } from '../errors/invalid-input.js';
import type { Deadline } from '../shared/deadline.js';
import type { RunOnce } from '../idempotency/run-once.js';
import type { Clock } from '../shared/clock.js';
import type { NewId } from '../shared/id.js';
import { foldForSearch } from './fold-for-search.js';
import { isNewestFirst, listName, listOrder, NEWEST_FIRST } from './post-order.js';
import { postSearch } from './post-search.js';
import type { SearchIndex } from './search-candidates.js';
import { maySee, visiblePosts } from './post-visibility.js';
import { bodyColumns, POST_FIELDS, titleColumns, type PostRow } from './post-row.js';
import type { CreatePostInput, PostsArgs, UpdatePostInput } from './post.input.js';
import type { Post } from './post.type.js';

/** A post of a list, without the columns that the operation does not need. */
export type ListedPost = Pick<Post, 'id' | 'authorId' | 'status'> & Partial<Post>;

const SEARCH_ORDER = {
  path: ['orderBy'],
  reason: 'MUTUALLY_EXCLUSIVE',
  message: 'A search is newest first. Leave out orderBy.',
} as const;

const ALWAYS_LISTED: ReadonlySet<string> = new Set(['id', 'authorId', 'status']);

/** What an operation needs of each post of a list. */
export interface NeededOfPosts {
  readonly columns: ReadonlySet<string>;
  readonly author: boolean;
}

/** Which posts to list, in which order. */
export type ListArgs = Pick<PostsArgs, 'filter' | 'orderBy'>;

/** The use cases of posts. `accountId` is always the account of the viewer. */
export interface Posts {
  /** A post that this account may see. The draft of another author is undefined, like a post that does not exist. */
  read(id: string, accountId: string): Promise<Post | undefined>;
  /**
   * The posts that this account may see. A search stops at the deadline.
   * @throws Failure BAD_USER_INPUT for a search in another order than newest first
   */
  list(args: ListArgs, accountId: string, needed: NeededOfPosts, deadline: Deadline): ConnectionSource<ListedPost>;
  /** @throws Failure for a repeated key: CONFLICT with another input, NOT_FOUND if the post was deleted */
  create(input: CreatePostInput, accountId: string): Promise<Post>;
  /** @throws Failure NOT_FOUND, as below, if this account has no such post */
  update(input: UpdatePostInput, accountId: string): Promise<Post>;
  /** Publishing a published post changes nothing, and unpublishing a draft likewise. */
  publish(id: string, accountId: string): Promise<Post>;
  unpublish(id: string, accountId: string): Promise<Post>;
  remove(id: string, accountId: string): Promise<void>;
}

export interface PostsParts {
  readonly database: Database;
  readonly accounts: Pick<PublicAccounts, 'findAll'>;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly once: RunOnce;
  readonly index: SearchIndex;
  /** After this time a search fails. */
  readonly searchTimeoutMs: number;
}

export function posts({ database, accounts, clock, newId, once, index, searchTimeoutMs }: PostsParts): Posts {
  const { post } = database;
  const listed = listLoader<ListedPost>(database, 'Post');
  const search = postSearch<ListedPost>(database, index, searchTimeoutMs);
  const find = coalesceById(rowsById<PostRow>(database, 'Post', POST_FIELDS));

  /** Changes an own post in one conditional statement. */
  async function change(where: OwnPost, data: Prisma.PostUncheckedUpdateManyInput): Promise<Post | undefined> {
    const updatedAt = new Date(clock.nowMs());
    const [changed] = await post.updateManyAndReturn({ where, data: { ...data, updatedAt }, select: POST_FIELDS });
    return changed;
  }

  function written(changed: Post): Post {
    index.changed(changed.title.length + changed.body.length);
    return changed;
  }

  async function own(id: string, accountId: string): Promise<Post> {
    const found = await find(id);
    if (found?.authorId !== accountId) throw new Failure('NOT_FOUND');
    return found;
  }

  /** Reads each author once, however many of the posts are theirs: one promise for the list instead of one for each post. */
  async function withAuthors(rows: readonly ListedPost[]): Promise<ListedPost[]> {
    const authors = await accounts.findAll(new Set(rows.map(({ authorId }) => authorId)));
    return rows.map((row) => ({ ...row, author: authors.get(row.authorId) }));
  }

  return {
    async read(id, accountId) {
      const found = await find(id);
      return found && maySee(accountId, found) ? found : undefined;
    },
    list({ filter, orderBy }, accountId, needed, deadline) {
      const chosen = orderBy ?? NEWEST_FIRST;
      const order = listOrder(chosen);
      const conditions = visiblePosts(accountId, filter ?? {});
      const columns = listedColumns(needed, order.column);
      const list = { name: listName(chosen), positions: positionsIn(order) };
      const withFields = async (rows: readonly ListedPost[]) => {
        deadline.throwIfPassed();
        return needed.author ? withAuthors(rows) : rows;
      };
      const text = foldForSearch(filter?.search ?? '').trim();
      if (text !== '') {
        if (!isNewestFirst(chosen)) throw invalidInput([SEARCH_ORDER]);
        const found = search({ text, conditions, columns, deadline });
        return {
          ...list,
          async list(window) {
            const { rows, stoppedAt } = await found.list(window);
            return { rows: await withFields(rows), stoppedAt };
          },
          count: found.count,
        };
      }
      return {
        ...list,
        list: async (window) => ({ rows: await withFields(await listed({ conditions, window, order, columns })) }),
        async count() {
          if (conditions.length === 0) return 0;
          const counts = conditions.map((condition) => Prisma.sql`(SELECT count(*) FROM "Post" WHERE ${condition})`);
          // Raw for the conditions of `list`, which Prisma's `where` cannot express.
          const [row] = await database.$queryRaw<{ total: bigint }[]>`SELECT ${Prisma.join(counts, ' + ')} AS "total"`;
          return Number(row?.total);
        },
      };
    },
    async create({ idempotencyKey: key, ...input }, accountId) {
      const { title, body, publish } = input;
      const id = newId();
      const createdAt = new Date(clock.nowMs());
      const created = {
        id,
        authorId: accountId,
        ...titleColumns(title),
        ...bodyColumns(body),
        status: publish ? PostStatus.PUBLISHED : PostStatus.DRAFT,
        publishedAt: publish ? createdAt : null,
        createdAt,
        updatedAt: createdAt,
      };
      const insert = async (client: Prisma.TransactionClient) => {
        await insertRows(client, 'Post', [created]);
        return created;
      };
      if (key == null) return written(await insert(database));
      const request = { accountId, mutation: 'createPost', key, input };
      const outcome = await once(request, id, ({ client }) => insert(client));
      return 'result' in outcome ? written(outcome.result) : own(outcome.earlierId, accountId);
    },
    async update({ id, title, body }, accountId) {
      const data = { ...(title != null && titleColumns(title)), ...(body != null && bodyColumns(body)) };
      const changed = await change({ id, authorId: accountId }, data);
      if (!changed) throw new Failure('NOT_FOUND');
      return written(changed);
    },
    async publish(id, accountId) {
      const draft: OwnPost = { id, authorId: accountId, status: 'DRAFT' };
      const published = await change(draft, { status: 'PUBLISHED', publishedAt: new Date(clock.nowMs()) });
      return published ?? own(id, accountId);
    },
    async unpublish(id, accountId) {
      const published: OwnPost = { id, authorId: accountId, status: 'PUBLISHED' };
      return (await change(published, { status: 'DRAFT', publishedAt: null })) ?? own(id, accountId);
    },
    async remove(id, accountId) {
      const { count } = await post.deleteMany({ where: { id, authorId: accountId } });
      if (count === 0) throw new Failure('NOT_FOUND');
      index.changed(0);
    },
  };
}

/** The columns to read. A list of titles does not read the bodies. */
function listedColumns({ columns }: NeededOfPosts, ordered: string | undefined): string[] {
  return Object.keys(POST_FIELDS).filter((name) => ALWAYS_LISTED.has(name) || columns.has(name) || name === ordered);
}

interface OwnPost {
  readonly id: string;
  readonly authorId: string;
  readonly status?: PostStatus;
}
