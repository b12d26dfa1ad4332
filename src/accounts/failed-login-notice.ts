import type { Transaction } from '../database/transaction.js';
import type { Clock } from '../shared/clock.js';
import { leastIdOf } from '../shared/id.js';
import type { AccountStore } from './account-store.js';
import { isUsable } from './may-log-in.js';
import type { Notice, SendNotice } from './security-notices.js';

/** Sends a notice if the failed logins of an account have become many, in the transaction that records them. */
export type NoticeFailedLogins = (
  transaction: Transaction,
  accountId: string,
  client: NonNullable<Notice['client']>,
) => Promise<void>;

/** So many within a day are more than a person mistypes. */
const MANY = 20;
const DAY_MS = 86_400_000;

export function failedLoginNotice(
  accounts: Pick<AccountStore, 'current'>,
  sendNotice: SendNotice,
  clock: Clock,
): NoticeFailedLogins {
  return async (transaction, accountId, client) => {
    const id = { gt: leastIdOf(clock.nowMs() - DAY_MS) };
    const events = await transaction.client.securityEvent.findMany({
      where: { accountId, kind: 'LOGIN_FAILED', id },
      select: { detail: true },
    });
    const count = events.reduce((sum, { detail }) => sum + countOf(detail), 0);
    if (count < MANY) return;
    const account = await accounts.current(transaction, accountId);
    if (!account || !isUsable(account, clock.nowMs())) return;
    await sendNotice(transaction, { template: 'failed-logins', account, client, parameters: { count: String(count) } });
  };
}

function countOf(detail: string | null): number {
  const { count = 0 } = JSON.parse(detail ?? '{}') as { count?: number };
  return count;
}
