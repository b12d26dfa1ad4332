import type { SecurityEventKind } from '../database/generated/enums.js';
import { insertRows } from '../database/insert-rows.js';
import type { Transaction } from '../database/transaction.js';
import type { Clock } from '../shared/clock.js';
import type { NewId } from '../shared/id.js';
import { activeEventKey, type KeyRing } from '../keys/key-ring.js';
import { eventHash } from './event-chain.js';
import { eventMac } from './event-mac.js';

/** Something that concerns the security of an account. Its owner can read it. */
export interface EventToRecord {
  readonly kind: SecurityEventKind;
  readonly sessionId?: string | undefined;
  readonly ipAddress?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly requestId?: string | undefined;
  readonly detail?: object | undefined;
}

/** Writes events in the transaction of the change that they record. */
export type RecordEvents = (
  transaction: Transaction,
  accountId: string,
  events: readonly EventToRecord[],
) => Promise<void>;

/** `onRecord` is called with the account before the transaction commits. */
export function eventRecording(
  clock: Clock,
  newId: NewId,
  ring: () => Pick<KeyRing, 'eventKeys'>,
  onRecord: (accountId: string) => void = () => undefined,
): RecordEvents {
  return async ({ client }, accountId, events) => {
    if (events.length === 0) return;
    // The update locks the row, so that two transactions cannot continue the chain from the same event.
    const [account] = await client.$queryRaw<{ eventCount: number; eventHash: string }[]>`
      UPDATE "Account" SET "eventCount" = "eventCount" + ${events.length} WHERE "id" = ${accountId}
      RETURNING "eventCount", "eventHash"`;
    if (!account) throw new Error('The account of the events does not exist.');
    const at = new Date(clock.nowMs());
    const key = activeEventKey(ring(), at.getTime() / 1000);
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
      return { ...content, hash, mac: key ? eventMac(key.secret, { event: hash }) : null, macKeyId: key?.kid ?? null };
    });
    await insertRows(client, 'SecurityEvent', rows);
    await client.$executeRaw`UPDATE "Account" SET "eventHash" = ${hash} WHERE "id" = ${accountId}`;
    onRecord(accountId);
  };
}
