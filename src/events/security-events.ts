import type { SecurityEventKind } from '../database/generated/enums.js';
import { insertRows } from '../database/insert-rows.js';
import type { Transaction } from '../database/transaction.js';
import type { Clock } from '../shared/clock.js';
import type { NewId } from '../shared/id.js';
import { eventHash } from './event-chain.js';

/** Something that concerns the security of an account, to be shown to its owner. */
export interface EventToRecord {
  readonly kind: SecurityEventKind;
  readonly sessionId?: string | undefined;
  readonly ipAddress?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly requestId?: string | undefined;
  readonly detail?: object | undefined;
}

/** Writes events in the very transaction that does what they tell of. */
export type RecordEvents = (
  transaction: Transaction,
  accountId: string,
  events: readonly EventToRecord[],
) => Promise<void>;

export function eventRecording(clock: Clock, newId: NewId): RecordEvents {
  return async ({ client }, accountId, events) => {
    if (events.length === 0) return;
    // Counting up first takes the row's lock, so that two writers cannot continue the chain from the same event.
    const [account] = await client.$queryRaw<{ eventCount: number; eventHash: string }[]>`
      UPDATE "Account" SET "eventCount" = "eventCount" + ${events.length} WHERE "id" = ${accountId}
      RETURNING "eventCount", "eventHash"`;
    if (!account) throw new Error('There is no such account to record events of.');
    const at = new Date(clock.nowMs());
    let hash = account.eventHash;
    const rows = events.map(({ kind, sessionId, ipAddress, userAgent, requestId, detail }, index) => {
      const sequence = account.eventCount - events.length + index + 1;
      const content = {
        id: newId(),
        accountId,
        sequence,
        kind,
        at,
        sessionId: sessionId ?? null,
        ipAddress: ipAddress ?? null,
        userAgent: userAgent ?? null,
        detail: detail || requestId ? JSON.stringify({ ...detail, requestId }) : null,
      };
      hash = eventHash(hash, content);
      return { ...content, hash };
    });
    await insertRows(client, 'SecurityEvent', rows);
    await client.$executeRaw`UPDATE "Account" SET "eventHash" = ${hash} WHERE "id" = ${accountId}`;
  };
}
