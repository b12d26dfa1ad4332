import type { Database } from '../database/client.js';
import { Prisma } from '../database/generated/client.js';
import { cleanupRounds, workAndRest, type Cleanup } from '../shared/cleanup-rounds.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';

/** Rows in one statement. */
const BATCH = 200;

/** Deletes expired sign-ups and one-time tokens, in small batches with pauses. */
export function oneTimeCleanup(database: Database, clock: Clock, logger: Logger): Cleanup {
  // PostgreSQL skips rows that another process is deleting. SQLite serializes writers.
  const unlessTaken = database.provider === 'postgresql' ? Prisma.sql`FOR UPDATE SKIP LOCKED` : Prisma.empty;
  return cleanupRounds(logger, async (stopping) => {
    const now = new Date(clock.nowMs());
    for (const table of [Prisma.sql`"SignUp"`, Prisma.sql`"OneTimeToken"`]) {
      for (let deleted = BATCH; deleted === BATCH && !stopping.aborted;) {
        deleted = await workAndRest(
          () => database.$executeRaw`
            DELETE FROM ${table} WHERE "id" IN (
              SELECT "id" FROM ${table} WHERE "expiresAt" <= ${now} LIMIT ${BATCH} ${unlessTaken})`,
          stopping,
        );
      }
    }
  });
}
