import type { Database } from '../database/client.js';
import type { Logger } from '../shared/logger.js';

const INTERVAL_MS = 60_000;
/** Accounts in one statement and in one line of the log. */
const BATCH = 100;

export interface EventHeads {
  /** Records that an account gets events. The transaction may still be rolled back. */
  add(accountId: string): void;
  stop(): void;
  /** Writes the heads of the accounts that were added to the log. */
  drain(): Promise<void>;
}

/**
 * Writes the number and the last hash of the events of an account to the log, at most once a minute and only after new
 * events. `audit verify --heads` compares them with the database, where an attacker can restore an earlier state.
 */
export function eventHeads({ account }: Database, logger: Logger): EventHeads {
  let changed = new Set<string>();
  let logging = Promise.resolve();
  const timer = setInterval(() => void drain(), INTERVAL_MS).unref();

  async function log(ids: string[]): Promise<void> {
    while (ids.length > 0) {
      const rows = await account.findMany({
        where: { id: { in: ids.splice(0, BATCH) } },
        select: { id: true, eventCount: true, eventHash: true },
      });
      const heads = rows.map(({ id, eventCount, eventHash }) => ({
        accountId: id,
        count: eventCount,
        hash: eventHash,
      }));
      logger.info({ event: 'security_events.heads', heads }, 'accounts have new security events');
    }
  }

  function drain(): Promise<void> {
    const ids = [...changed];
    changed = new Set();
    logging = logging
      .then(() => log(ids))
      .catch((error: unknown) => logger.warn({ err: error }, 'logging the heads of security events failed'));
    return logging;
  }

  return { add: (accountId) => void changed.add(accountId), stop: () => clearInterval(timer), drain };
}
