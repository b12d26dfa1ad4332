import type { Database } from '../database/client.js';
import { Prisma } from '../database/generated/client.js';
import { cleanupRounds, workAndRest, type Cleanup } from '../shared/cleanup-rounds.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';

/** Rows in one statement. */
const BATCH = 200;
const DAY_MS = 86_400_000;
const KEPT_AFTER_SENDING_MS = 7 * DAY_MS;
/** Longer, so that an operator can see and retry them. */
const KEPT_AFTER_GIVING_UP_MS = 30 * DAY_MS;

/** Deletes mails that were sent or given up, in small batches with pauses. */
export function mailCleanup(database: Database, clock: Clock, logger: Logger): Cleanup {
  // PostgreSQL skips rows that another process is deleting. SQLite serializes writers.
  const unlessTaken = database.provider === 'postgresql' ? Prisma.sql`FOR UPDATE SKIP LOCKED` : Prisma.empty;
  return cleanupRounds(logger, async (stopping) => {
    const nowMs = clock.nowMs();
    for (const isOld of [
      Prisma.sql`"sentAt" < ${new Date(nowMs - KEPT_AFTER_SENDING_MS)}`,
      Prisma.sql`"givenUpAt" < ${new Date(nowMs - KEPT_AFTER_GIVING_UP_MS)}`,
    ]) {
      for (let deleted = BATCH; deleted === BATCH && !stopping.aborted;) {
        deleted = await workAndRest(
          () => database.$executeRaw`
            DELETE FROM "OutgoingMail" WHERE "id" IN (
              SELECT "id" FROM "OutgoingMail" WHERE ${isOld} LIMIT ${BATCH} ${unlessTaken})`,
          stopping,
        );
      }
    }
  });
}
