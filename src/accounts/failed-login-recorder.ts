import { randomInt } from 'node:crypto';
import type { Database } from '../database/client.js';
import { inTransaction, type Transaction } from '../database/transaction.js';
import { commonNetwork } from '../events/address-prefix.js';
import type { EventToRecord, RecordEvents } from '../events/security-events.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import type { NoticeFailedLogins } from './failed-login-notice.js';

/** The time from the first failed login of an e-mail address to its event: 10 to 15 minutes, so that it is not predictable. */
const LEAST_WINDOW_MS = 600_000;
const MOST_WINDOW_MS = 900_000;
const CHECK_MS = 1000;
/** If more addresses fail within a window, the oldest window closes early. */
const MOST_WINDOWS = 10_000;

export interface FailedLoginRecorder {
  /** Counts a failed login. `accountId` is undefined if no account has this e-mail address. */
  add(email: string, accountId: string | undefined, clientInfo: ClientInfo): void;
  /** Writes the events of all windows, also of those that are still open. */
  drain(): Promise<void>;
}

interface Window {
  readonly accountId: string | undefined;
  readonly closesAtMs: number;
  count: number;
  ipAddress: string | undefined;
  userAgent: string | undefined;
}

/**
 * Counts the failed logins of each e-mail address in a window, and writes one event when the window closes. So guessing
 * does not fill the table. The response is sent long before the write, and an address without an account causes a write
 * at the same time, so that the writes do not reveal which addresses have an account.
 */
export function failedLoginRecorder(
  database: Database,
  record: RecordEvents,
  notice: NoticeFailedLogins,
  clock: Clock,
  logger: Logger,
): FailedLoginRecorder {
  const windows = new Map<string, Window>();
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  function close(isDue: (window: Window) => boolean): void {
    let unknownCount = 0;
    for (const [email, window] of windows) {
      if (!isDue(window)) continue;
      windows.delete(email);
      const { accountId, count, ipAddress, userAgent } = window;
      if (accountId === undefined) unknownCount += count;
      else {
        const event: EventToRecord = { kind: 'LOGIN_FAILED', ipAddress, userAgent, detail: { count } };
        write(async (transaction) => {
          await record(transaction, accountId, [event]);
          await notice(transaction, accountId, { ipAddress, userAgent });
        });
      }
    }
    if (unknownCount > 0) write(({ client }) => countUnknown(client, unknownCount));
    if (windows.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  function write(work: (transaction: Transaction) => Promise<unknown>): void {
    writing = writing
      .then(() => inTransaction(database, work))
      .then(
        () => undefined,
        (error: unknown) => logger.warn({ err: error }, 'recording failed logins failed'),
      );
  }

  return {
    add(email, accountId, { ipAddress, userAgent }) {
      const window = windows.get(email);
      if (window && window.accountId === accountId) {
        window.count += 1;
        window.ipAddress &&= commonNetwork(window.ipAddress, ipAddress);
        if (window.userAgent !== userAgent) window.userAgent = undefined;
        return;
      }
      const [oldest] = windows.size < MOST_WINDOWS ? [] : windows.values();
      if (window ?? oldest) close((each) => each === (window ?? oldest));
      const closesAtMs = clock.nowMs() + randomInt(LEAST_WINDOW_MS, MOST_WINDOW_MS);
      windows.set(email, { accountId, closesAtMs, count: 1, ipAddress, userAgent });
      timer ??= setInterval(() => close(({ closesAtMs }) => closesAtMs <= clock.nowMs()), CHECK_MS).unref();
    },
    drain() {
      close(() => true);
      return writing;
    },
  };
}

/** One row, because an attacker chooses the addresses. */
async function countUnknown(client: Transaction['client'], count: number): Promise<void> {
  await client.$executeRaw`
    INSERT INTO "UnknownLogins" ("id", "attempts") VALUES (1, ${count})
    ON CONFLICT ("id") DO UPDATE SET "attempts" = "UnknownLogins"."attempts" + ${count}`;
}
