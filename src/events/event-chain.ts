import { createHash } from 'node:crypto';
import type { Prisma } from '../database/generated/client.js';

/** A security event as it is stored. */
export type EventRow = Prisma.SecurityEventGetPayload<{
  select: {
    id: true;
    accountId: true;
    sequence: true;
    kind: true;
    at: true;
    sessionId: true;
    ipAddress: true;
    userAgent: true;
    detail: true;
    hash: true;
  };
}>;

/** The hash of an event: SHA-256 over the hash before it and everything the row says. */
export function eventHash(previousHash: string, event: Omit<EventRow, 'hash'>): string {
  const { id, accountId, sequence, kind, at, sessionId, ipAddress, userAgent, detail } = event;
  const content = [
    previousHash,
    id,
    accountId,
    sequence,
    kind,
    at.toISOString(),
    sessionId,
    ipAddress,
    userAgent,
    detail,
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url');
}

/** What is wrong with an account's chain of events, in the order of their sequence; undefined when nothing is. */
export function verifyEventChain(
  events: Iterable<EventRow>,
  account: { eventCount: number; eventHash: string },
): string | undefined {
  let count = 0;
  let hash = '';
  for (const event of events) {
    count += 1;
    if (event.sequence !== count) return `event ${count} is missing`;
    hash = eventHash(hash, event);
    if (event.hash !== hash) return `event ${count} was changed`;
  }
  if (count < account.eventCount) return `the last ${account.eventCount - count} events are missing`;
  if (count > account.eventCount) return `the last ${count - account.eventCount} events were added`;
  return hash === account.eventHash ? undefined : 'the account does not know its last event';
}
