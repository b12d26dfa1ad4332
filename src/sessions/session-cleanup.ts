import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../database/client.js';
import { Prisma } from '../database/generated/client.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';

/** Rows in one statement. */
const BATCH = 50;
/** After each batch the clean-up pauses for this many times as long as the batch took, so that few requests wait. */
const REST_FACTOR = 10;
const EVERY_MS = 60_000;
/** Revoked and expired sessions are kept this long, so that the response to their tokens can give the reason. */
const KEPT_SECONDS = 86_400;

export interface SessionCleanup {
  /** Logins call this. Starts a round in the background if the last one was more than a minute ago. */
  runIfDue(): void;
  stop(): void;
  drain(): Promise<void>;
}

/**
 * Deletes sessions that were revoked, or reached their absolute expiry, a day ago: in small batches with pauses, started
 * by a timer and by logins, so that there is no job to schedule. A session with a valid auth token is never deleted.
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

/** Deletes up to one batch of sessions that were revoked or expired at that time, then pauses. Resolves to their number. */
export async function deleteBatchAndRest(database: Database, deadSince: Date): Promise<number> {
  const startedAt = performance.now();
  const deleted = await deleteBatch(database, deadSince);
  await delay((performance.now() - startedAt) * REST_FACTOR, undefined, { ref: false });
  return deleted;
}

async function deleteBatch(database: Database, deadSince: Date): Promise<number> {
  // Two statements that use an index each; one with OR would read the whole table.
  const ended = await deleteDead(database, Prisma.sql`"endedAt" < ${deadSince}`, BATCH);
  if (ended === BATCH) return ended;
  return ended + (await deleteDead(database, Prisma.sql`"expiresAt" < ${deadSince}`, BATCH - ended));
}

/** PostgreSQL skips rows that another process is deleting. SQLite serializes writers. */
async function deleteDead(database: Database, isDead: Prisma.Sql, most: number): Promise<number> {
  const unlessTaken = database.provider === 'postgresql' ? Prisma.sql`FOR UPDATE SKIP LOCKED` : Prisma.empty;
  return database.$executeRaw`
    DELETE FROM "Session" WHERE "id" IN (SELECT "id" FROM "Session" WHERE ${isDead} LIMIT ${most} ${unlessTaken})`;
}
