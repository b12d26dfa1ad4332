import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../database/client.js';
import { Prisma } from '../database/generated/client.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';

/** Rows in one statement. */
const BATCH = 50;
/** After each batch it rests for so many times as long as the batch took: few requests meet one. */
const REST_FACTOR = 10;
const EVERY_MS = 60_000;
/** Dead sessions are kept for so long, so that their tokens are answered with what became of them. */
const KEPT_SECONDS = 86_400;

export interface SessionCleanup {
  /** Ordinary traffic calls this: it starts a round when none has run for a while, and never waits. */
  runIfDue(): void;
  stop(): void;
  drain(): Promise<void>;
}

/**
 * Deletes sessions that ended, or reached their absolute end, a day ago. In small batches with pauses, on a timer and
 * with the logins: there is no job to schedule. What an auth token could still concern is never deleted.
 */
export function sessionCleanup(
  database: Database,
  clock: Clock,
  authTokenTtlSeconds: number,
  logger: Logger,
): SessionCleanup {
  const stopping = new AbortController();
  let round = Promise.resolve();
  let nextAt = performance.now() + EVERY_MS;
  const timer = setInterval(runIfDue, EVERY_MS).unref();

  function runIfDue(): void {
    if (performance.now() < nextAt || stopping.signal.aborted) return;
    nextAt = Infinity;
    round = cleanUp()
      .catch((error: unknown) => logger.warn({ err: error }, 'cleaning up sessions failed'))
      .finally(() => (nextAt = performance.now() + EVERY_MS));
  }

  async function cleanUp(): Promise<void> {
    const deadSince = new Date(clock.nowMs() - Math.max(KEPT_SECONDS, 2 * authTokenTtlSeconds) * 1000);
    let total = 0;
    for (let deleted = BATCH; deleted === BATCH && !stopping.signal.aborted; total += deleted) {
      deleted = await deleteBatchAndRest(database, deadSince);
    }
    if (total > 0) logger.info({ event: 'sessions.cleaned', count: total }, 'dead sessions were deleted');
  }

  return {
    runIfDue,
    stop() {
      stopping.abort();
      clearInterval(timer);
    },
    drain: () => round,
  };
}

/** Deletes up to a batch of sessions that were dead at that time, rests, and says how many. */
export async function deleteBatchAndRest(database: Database, deadSince: Date): Promise<number> {
  const startedAt = performance.now();
  const deleted = await deleteBatch(database, deadSince);
  await delay((performance.now() - startedAt) * REST_FACTOR, undefined, { ref: false });
  return deleted;
}

async function deleteBatch(database: Database, deadSince: Date): Promise<number> {
  // Two look-ups by an index each; one with OR would read the whole table.
  const ended = await deleteDead(database, Prisma.sql`"endedAt" < ${deadSince}`, BATCH);
  if (ended === BATCH) return ended;
  return ended + (await deleteDead(database, Prisma.sql`"expiresAt" < ${deadSince}`, BATCH - ended));
}

/** On PostgreSQL rows that another process is deleting just now are left to it; on SQLite writers wait in line. */
async function deleteDead(database: Database, isDead: Prisma.Sql, most: number): Promise<number> {
  const unlessTaken = database.provider === 'postgresql' ? Prisma.sql`FOR UPDATE SKIP LOCKED` : Prisma.empty;
  return database.$executeRaw`
    DELETE FROM "Session" WHERE "id" IN (SELECT "id" FROM "Session" WHERE ${isDead} LIMIT ${most} ${unlessTaken})`;
}
