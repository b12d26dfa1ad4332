import type { Database } from '../database/client.js';
import { Prisma } from '../database/generated/client.js';
import { cleanupRounds, workAndRest, type Cleanup } from '../shared/cleanup-rounds.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';

/** Rows in one statement. */
const BATCH = 200;

/** Deletes expired idempotency keys, in small batches with pauses. */
export function idempotencyKeyCleanup(database: Database, clock: Clock, logger: Logger): Cleanup {
  return cleanupRounds(logger, async (stopping) => {
    for (let deleted = BATCH; deleted === BATCH && !stopping.aborted;) {
      deleted = await workAndRest(() => deleteExpired(database, new Date(clock.nowMs())), stopping);
    }
  });
}

function deleteExpired(database: Database, now: Date): Promise<number> {
  // PostgreSQL skips rows that another process is deleting. SQLite serializes writers.
  const unlessTaken = database.provider === 'postgresql' ? Prisma.sql`FOR UPDATE SKIP LOCKED` : Prisma.empty;
  return database.$executeRaw`
    DELETE FROM "IdempotencyKey" WHERE ("accountId", "mutation", "keyHash") IN (
      SELECT "accountId", "mutation", "keyHash" FROM "IdempotencyKey"
      WHERE "expiresAt" <= ${now} LIMIT ${BATCH} ${unlessTaken})`;
}
