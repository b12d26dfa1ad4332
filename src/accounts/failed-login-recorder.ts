import { randomInt } from 'node:crypto';
import type { Database } from '../database/client.js';
import { inTransaction } from '../database/transaction.js';
import type { Logger } from '../shared/logger.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { RecordEvents } from '../events/security-events.js';

/** At most so many are gathered; beyond that only the log knows. */
const MOST_GATHERED = 1000;
const GATHER_MS = 1000;

export interface FailedLoginRecorder {
  note(accountId: string, clientInfo: ClientInfo): void;
  /** Writes what was gathered. */
  drain(): Promise<void>;
}

/**
 * Gathers failed logins and writes them about a second later, those of one account and source as one event: neither
 * the answer nor the next request tells by its time whether the address is known, and guessing does not fill a table.
 */
export function failedLoginRecorder(database: Database, record: RecordEvents, logger: Logger): FailedLoginRecorder {
  let gathered = new Map<string, { accountId: string; clientInfo: ClientInfo; count: number }>();
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  async function write(): Promise<void> {
    const batch = gathered;
    gathered = new Map();
    for (const { accountId, clientInfo, count } of batch.values()) {
      const event = { kind: 'LOGIN_FAILED' as const, ...clientInfo, detail: { count } };
      await inTransaction(database, (transaction) => record(transaction, accountId, [event]));
    }
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    writing = writing
      .then(write)
      .catch((error: unknown) => logger.warn({ err: error }, 'recording failed logins failed'));
  }

  return {
    note(accountId, clientInfo) {
      const key = `${accountId} ${clientInfo.ipAddress}`;
      const known = gathered.get(key);
      if (known) known.count += 1;
      else if (gathered.size < MOST_GATHERED) gathered.set(key, { accountId, clientInfo, count: 1 });
      timer ??= setTimeout(flush, GATHER_MS + randomInt(GATHER_MS)).unref();
    },
    drain() {
      flush();
      return writing;
    },
  };
}
