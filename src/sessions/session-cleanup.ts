import type { Database } from '../database/client.js';
import { Prisma } from '../database/generated/client.js';
import { cleanupRounds, workAndRest, type Cleanup } from '../shared/cleanup-rounds.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';

/** Rows in one statement. */
const BATCH = 50;
/** Revoked and expired sessions are kept this long, so that the response to their tokens can give the reason. */
const KEPT_SECONDS = 86_400;

/**
 * Deletes sessions that were revoked, or reached their absolute expiry, a day ago, in small batches with pauses. A session
 * with a valid auth token is never deleted.
 */
export function sessionCleanup(database: Database, clock: Clock, authTokenTtlSeconds: number, logger: Logger): Cleanup {
  return cleanupRounds(logger, async (stopping) => {
    const deadSince = new Date(clock.nowMs() - Math.max(KEPT_SECONDS, 2 * authTokenTtlSeconds) * 1000);
    let total = 0;
    for (let deleted = BATCH; deleted === BATCH && !stopping.aborted; total += deleted) {
      deleted = await deleteBatchAndRest(database, deadSince, stopping);
    }
    if (total > 0)
      logger.info({ event: 'sessions.cleaned', count: total }, 'revoked and expired sessions were deleted');
  });
}

/** Deletes up to one batch of sessions that were revoked or expired at that time, then pauses. Resolves to their number. */
export function deleteBatchAndRest(database: Database, deadSince: Date, stopping: AbortSignal): Promise<number> {
  return workAndRest(() => deleteBatch(database, deadSince), stopping);
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
