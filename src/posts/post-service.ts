import type { Clock } from '../shared/clock.js';
import { Failure } from '../errors/failure.js';
import type { NewId } from '../shared/id.js';
import type { PostRow } from './post-row.js';
import type { PostStore } from './post-store.js';

export interface Draft {
  readonly title: string;
  readonly body: string;
  readonly publish?: boolean | null;
}

export interface Revision {
  readonly title?: string | null;
  readonly body?: string | null;
}

/** What a logged-in account does with posts. `accountId` is always the one who asks. */
export interface Posts {
  /** A post that this account may see, or undefined: another's draft is like none. */
  read(id: string, accountId: string): Promise<PostRow | undefined>;
  create(draft: Draft, accountId: string): Promise<PostRow>;
  /** @throws Failure NOT_FOUND for every post that is not this account's own, here and below */
  revise(id: string, revision: Revision, accountId: string): Promise<PostRow>;
  /** Publishing what is published changes nothing, and likewise for unpublish. */
  publish(id: string, accountId: string): Promise<PostRow>;
  unpublish(id: string, accountId: string): Promise<PostRow>;
  remove(id: string, accountId: string): Promise<void>;
}

export function posts(store: PostStore, clock: Clock, newId: NewId): Posts {
  const now = () => new Date(clock.nowMs());

  async function own(id: string, accountId: string): Promise<PostRow> {
    const post = await store.find(id);
    if (post?.authorId !== accountId) throw new Failure('NOT_FOUND');
    return post;
  }

  return {
    async read(id, accountId) {
      const post = await store.find(id);
      return post?.status === 'PUBLISHED' || post?.authorId === accountId ? post : undefined;
    },
    async create({ title, body, publish }, accountId) {
      const createdAt = now();
      const post: PostRow = {
        id: newId(),
        authorId: accountId,
        title: title.trim(),
        body,
        status: publish ? 'PUBLISHED' : 'DRAFT',
        publishedAt: publish ? createdAt : null,
        createdAt,
        updatedAt: createdAt,
      };
      await store.insert(post);
      return post;
    },
    async revise(id, { title, body }, accountId) {
      const change = { title: title?.trim(), body: body ?? undefined, updatedAt: now() };
      const post = await store.update(id, accountId, change);
      if (!post) throw new Failure('NOT_FOUND');
      return post;
    },
    async publish(id, accountId) {
      const change = { status: 'PUBLISHED' as const, publishedAt: now(), updatedAt: now() };
      return (await store.move(id, accountId, 'DRAFT', change)) ?? own(id, accountId);
    },
    async unpublish(id, accountId) {
      const change = { status: 'DRAFT' as const, publishedAt: null, updatedAt: now() };
      return (await store.move(id, accountId, 'PUBLISHED', change)) ?? own(id, accountId);
    },
    async remove(id, accountId) {
      if (!(await store.remove(id, accountId))) throw new Failure('NOT_FOUND');
    },
  };
}
