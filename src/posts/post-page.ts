import { Failure } from '../shared/failure.js';
import { isId } from '../shared/id.js';
import type { PostFilter, PostRow, PostStore, Stretch } from './post-store.js';

export interface PageRequest {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

/** A page of posts, newest first. What costs a statement of its own is a function, run when it is asked for. */
export interface PostPage {
  readonly posts: readonly PostRow[];
  hasNextPage(): Promise<boolean>;
  hasPreviousPage(): Promise<boolean>;
  totalCount(): Promise<number>;
}

export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

/**
 * One page of the posts that a reader may see (Relay cursor connections: forward with first/after, backward with
 * last/before). The order is that of the ids, which never changes, so pages neither skip nor repeat a post.
 * @throws Failure BAD_USER_INPUT
 */
export async function postPage(
  store: PostStore,
  readerId: string,
  filter: PostFilter,
  request: PageRequest,
): Promise<PostPage> {
  const stretch = stretchOf(request);
  // One more than asked for tells whether there is another page.
  const rows = await store.list(readerId, filter, { ...stretch, take: stretch.take + 1 });
  const more = rows.length > stretch.take;
  const posts = !more ? rows : stretch.fromEnd ? rows.slice(1) : rows.slice(0, -1);
  const exists = async (side: Pick<Stretch, 'olderThan' | 'newerThan'>) =>
    (await store.list(readerId, filter, { ...side, take: 1, fromEnd: false })).length > 0;
  // An empty page lies beyond the post of its own cursor, if it was given one.
  const newer = async () => (posts[0] ? exists({ newerThan: posts[0].id }) : stretch.olderThan !== undefined);
  const older = async () => {
    const oldest = posts.at(-1);
    return oldest ? exists({ olderThan: oldest.id }) : stretch.newerThan !== undefined;
  };
  return {
    posts,
    hasNextPage: async () => (stretch.fromEnd ? older() : more),
    hasPreviousPage: async () => (stretch.fromEnd ? more : newer()),
    totalCount: () => store.count(readerId, filter),
  };
}

export function cursorOf(post: { id: string }): string {
  return Buffer.from(`post:${post.id}`).toString('base64url');
}

function stretchOf({ first, after, last, before }: PageRequest): Stretch {
  if (first != null && last != null) throw badInput('Give either first or last, not both.');
  return {
    olderThan: idOf('after', after),
    newerThan: idOf('before', before),
    take: sizeOf('first', first) ?? sizeOf('last', last) ?? DEFAULT_PAGE_SIZE,
    fromEnd: last != null,
  };
}

function sizeOf(argument: string, size: number | null | undefined): number | undefined {
  if (size == null) return undefined;
  if (size < 1 || size > MAX_PAGE_SIZE) throw badInput(`${argument} must be from 1 to ${MAX_PAGE_SIZE}.`);
  return size;
}

function idOf(argument: string, cursor: string | null | undefined): string | undefined {
  if (cursor == null) return undefined;
  const text = Buffer.from(cursor, 'base64url').toString();
  const id = text.slice('post:'.length);
  if (!text.startsWith('post:') || !isId(id) || cursorOf({ id }) !== cursor) {
    throw badInput(`${argument} must be a cursor of this list, as found in edges and pageInfo.`);
  }
  return id;
}

function badInput(publicMessage: string): Failure {
  return new Failure('BAD_USER_INPUT', { publicMessage });
}
