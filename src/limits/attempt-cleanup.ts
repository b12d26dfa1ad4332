import { cleanupRounds, workAndRest, type Cleanup } from '../shared/cleanup-rounds.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import type { AttemptStore } from './attempt-store.js';

/** Rows in one statement. */
const BATCH = 200;

/** Deletes the rows of old attempts, in small batches with pauses. */
export function attemptCleanup(store: AttemptStore, clock: Clock, logger: Logger): Cleanup {
  return cleanupRounds(logger, async (stopping) => {
    for (let deleted = BATCH; deleted === BATCH && !stopping.aborted;) {
      deleted = await workAndRest(() => store.deleteExpired(clock.nowMs(), BATCH), stopping);
    }
  });
}
