import type { Database } from '../database/client.js';
import { inTransaction } from '../database/transaction.js';
import { activeEventKey, type KeyRing } from '../keys/key-ring.js';
import { cleanupRounds, workAndRest, type Cleanup } from '../shared/cleanup-rounds.js';
import type { Clock } from '../shared/clock.js';
import { leastIdOf } from '../shared/id.js';
import type { Logger } from '../shared/logger.js';
import { expireBatch, type Expiry } from './event-expiry.js';

const DAY_MS = 86_400_000;
/** A round starts this long after the last one. Unlike sessions, events lose nothing by waiting. */
const EVERY_MS = 3_600_000;
/** Rows in one statement that looks for expired events. */
const PAGE = 500;
/** A round ends after this many accounts with a fault. The next one continues there. */
const MOST_FAULTS = 1000;
const FAULTS_IN_LOG = 10;

export interface EventSettings {
  /** How long events are kept. 0: forever. */
  readonly lifetimeDays: number;
}

export interface EventCleanupParts {
  readonly settings: EventSettings;
  readonly database: Database;
  readonly ring: () => Pick<KeyRing, 'eventKeys'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Deletes security events that are older than the lifetime, in small batches with pauses. It does not delete an event with
 * a fault: who can edit the database could otherwise date an event back to have it deleted.
 */
export function eventCleanup({ settings, database, ring, clock, logger }: EventCleanupParts): Cleanup {
  let cursor = '';
  let nextAtMs = -Infinity;

  return cleanupRounds(logger, async (stopping) => {
    const { eventKeys } = ring();
    const key = activeEventKey({ eventKeys }, clock.nowMs() / 1000);
    // Without a key nobody could tell deleted from expired events. The server warned when it started.
    if (settings.lifetimeDays === 0 || !key || performance.now() < nextAtMs) return;
    const expiredBefore = new Date(clock.nowMs() - settings.lifetimeDays * DAY_MS);
    const expiry: Expiry = { expiredBefore, keys: eventKeys, key };
    const faults = new Map<string, string>();
    let total = 0;

    while (!stopping.aborted && faults.size < MOST_FAULTS) {
      const page = await workAndRest(() => expiredPage(expiredBefore), stopping);
      for (const accountId of new Set(page.map((event) => event.accountId))) {
        if (!faults.has(accountId) && !stopping.aborted) total += await expireEventsOf(accountId);
      }
      cursor = page.length === PAGE ? (page.at(-1)?.id ?? '') : '';
      if (cursor === '') {
        nextAtMs = performance.now() + EVERY_MS;
        break;
      }
    }
    if (total > 0) logger.info({ event: 'security_events.expired', count: total }, 'expired events were deleted');
    reportFaults(faults, logger);

    async function expireEventsOf(accountId: string): Promise<number> {
      let count = 0;
      for (let isDone = false; !isDone && !stopping.aborted;) {
        const batch = await workAndRest(
          () => inTransaction(database, (transaction) => expireBatch(transaction, accountId, expiry)),
          stopping,
        );
        if (batch.fault !== undefined) faults.set(accountId, batch.fault);
        count += batch.count;
        isDone = batch.isLast;
      }
      return count;
    }
  });

  /** In the order of their ids, which is that of their time, by the index of the primary key. */
  function expiredPage(expiredBefore: Date): Promise<{ id: string; accountId: string }[]> {
    return database.securityEvent.findMany({
      where: { id: { gt: cursor, lt: leastIdOf(expiredBefore.getTime()) } },
      orderBy: { id: 'asc' },
      take: PAGE,
      select: { id: true, accountId: true },
    });
  }
}

function reportFaults(faults: ReadonlyMap<string, string>, logger: Logger): void {
  if (faults.size === 0) return;
  const examples = [...faults].slice(0, FAULTS_IN_LOG).map(([accountId, fault]) => ({ accountId, fault }));
  logger.error(
    { event: 'security_events.not_expired', count: faults.size, examples },
    'expired events of accounts with a fault were not deleted; see: npm run audit -- verify',
  );
}
