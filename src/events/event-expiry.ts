import type { Transaction } from '../database/transaction.js';
import type { EventKey } from '../keys/key-ring.js';
import { linkFault } from './event-chain.js';
import { expiredEventsOf, expiredEventsStatement } from './expired-events.js';

/** Rows in one statement. */
const BATCH = 50;

export interface Expiry {
  readonly expiredBefore: Date;
  readonly keys: ReadonlyMap<string, EventKey>;
  /** The key that protects the statement about the deleted events. */
  readonly key: EventKey;
}

export interface ExpiredBatch {
  /** How many events were deleted. */
  readonly count: number;
  /** Whether no further event of the account can be deleted now. */
  readonly isLast: boolean;
  readonly fault?: string | undefined;
}

const NONE = { count: 0, isLast: true };

/**
 * Deletes the first events of an account that are older than `expiredBefore`, up to one batch, and states in the account
 * that they expired. Deletes none from the first fault on.
 */
export async function expireBatch(
  { client }: Transaction,
  accountId: string,
  { expiredBefore, keys, key }: Expiry,
): Promise<ExpiredBatch> {
  // The update locks the row, so that two processes cannot continue from the same statement.
  const [account] = await client.$queryRaw<{ id: string; expiredEvents: string | null }[]>`
    UPDATE "Account" SET "eventCount" = "eventCount" WHERE "id" = ${accountId} RETURNING "id", "expiredEvents"`;
  if (!account) return NONE;
  const stated = expiredEventsOf(account, keys);
  if (typeof stated === 'string') return { ...NONE, fault: stated };

  const rows = await client.securityEvent.findMany({
    where: { accountId },
    orderBy: { sequence: 'asc' },
    take: BATCH,
  });
  let last = stated;
  let fault: string | undefined;
  for (const event of rows) {
    if (event.at >= expiredBefore) break;
    fault = linkFault(event, last, keys);
    if (fault !== undefined) break;
    last = { count: event.sequence, hash: event.hash };
  }
  const count = last.count - stated.count;
  if (count === 0) return { ...NONE, fault };
  const expiredEvents = expiredEventsStatement(accountId, last, key);
  await client.securityEvent.deleteMany({ where: { accountId, sequence: { lte: last.count } } });
  await client.account.update({ where: { id: accountId }, data: { expiredEvents } });
  return { count, isLast: count < BATCH, fault };
}
