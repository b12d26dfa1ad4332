import type { Database } from '../database/client.js';
import type { BackgroundTasks } from '../shared/background-tasks.js';
import { workAndRest } from '../shared/cleanup-rounds.js';

/**
 * What one statement indexes at most: it blocks the process for about 8 ms. FTS5 takes 0.17 ms for one post of 400 characters
 * on its own, and 0.05 ms in a batch; for 5,000 characters 0.8 and 0.3 ms.
 */
const BATCH = { posts: 100, bytes: 128_000 } as const;
/** After each batch the work pauses for this many times as long as the batch took, so that few requests wait. */
const REST_FACTOR = 4;
/** After a failure, as on a full disk. Each search would start the work again, and log that it failed. */
const RETRY_MS = 60_000;

/** Brings the index `PostText` up to date in the background: triggers note each post that changes in `PostTextChange`. */
export interface SqliteIndexing {
  /** A post was written. Starts when a batch has gathered. */
  changed(characters: number): void;
  /** Indexes all posts that have changed, unless it is doing so. */
  start(): void;
}

/** More posts than these wait only if another process ended before it indexed its own, or was not fast enough. */
export const MOST_WAITING = BATCH.posts;

export function sqliteIndexing(database: Database, later: BackgroundTasks, stopping: AbortSignal): SqliteIndexing {
  const gathered = { posts: 0, bytes: 0 };
  let isRunning = false;
  let retryAtMs = -Infinity;

  async function indexAll(): Promise<void> {
    try {
      let remain = true;
      while (remain && !stopping.aborted) remain = await workAndRest(() => indexBatch(database), stopping, REST_FACTOR);
    } catch (error) {
      retryAtMs = performance.now() + RETRY_MS;
      throw error;
    } finally {
      isRunning = false;
    }
  }

  function start(): void {
    gathered.posts = gathered.bytes = 0;
    if (isRunning || performance.now() < retryAtMs) return;
    isRunning = true;
    later.run('indexing posts', indexAll);
  }

  return {
    changed(characters) {
      gathered.posts += 1;
      gathered.bytes += characters;
      if (gathered.posts >= BATCH.posts || gathered.bytes >= BATCH.bytes) start();
    },
    start,
  };
}

/** Resolves to whether more posts wait. Two processes may index the same posts. */
async function indexBatch(database: Database): Promise<boolean> {
  const waiting = await database.$queryRaw<{ postId: string; bytes: bigint }[]>`
    SELECT "postId", coalesce(octet_length("foldedTitle") + octet_length("foldedBody"), 0) AS "bytes"
    FROM (SELECT "postId" FROM "PostTextChange" ORDER BY "postId" LIMIT ${BATCH.posts + 1}) LEFT JOIN "Post" ON "id" = "postId"
    ORDER BY "postId"`;
  if (waiting.length === 0) return false;
  const ids: string[] = [];
  let bytes = 0;
  for (const next of waiting) {
    if (ids.length === BATCH.posts || bytes >= BATCH.bytes) break;
    ids.push(next.postId);
    bytes += Number(next.bytes);
  }
  await database.$executeRaw`
    DELETE FROM "PostTextChange" WHERE "postId" IN (SELECT "value" FROM json_each(${JSON.stringify(ids)}))`;
  return ids.length < waiting.length;
}
