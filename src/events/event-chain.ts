import { createHash } from 'node:crypto';
import type { Prisma } from '../database/generated/client.js';
import type { EventKey } from '../keys/key-ring.js';
import { isEventMac } from './event-mac.js';
import { expiredEventsOf } from './expired-events.js';

/** A security event as it is stored. */
export type EventRow = Prisma.SecurityEventGetPayload<object>;

/** What the account row says about its events. */
export interface EventHead {
  readonly id: string;
  readonly eventCount: number;
  readonly eventHash: string;
  readonly expiredEvents: string | null;
}

/** How long after a new key became active a server may still use the previous one. */
const KEY_CHANGE_MS = 60_000;

/** The hash of an event: SHA-256 over the hash of the previous event and the content of the row. */
export function eventHash(previousHash: string, event: Omit<EventRow, 'hash' | 'mac' | 'macKeyId'>): string {
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

/**
 * The first fault in the chain of an account's events, which must be ordered by sequence; undefined if it has none.
 * `allowMissingMacs` is for events that are about to get their MAC.
 */
export function verifyEventChain(
  events: Iterable<EventRow>,
  account: EventHead,
  keys: ReadonlyMap<string, EventKey>,
  { allowMissingMacs = false } = {},
): string | undefined {
  const expired = expiredEventsOf(account, keys);
  if (typeof expired === 'string') return expired;
  let { count, hash } = expired;
  for (const event of events) {
    const fault = linkFault(event, { count, hash }, keys, { allowMissingMacs });
    if (fault) return fault;
    ({ sequence: count, hash } = event);
  }
  if (count < account.eventCount) return `the last ${account.eventCount - count} events are missing`;
  if (count > account.eventCount) return `the last ${count - account.eventCount} events were added`;
  return hash === account.eventHash ? undefined : 'the hash of the account is not that of its last event';
}

/** What is wrong with an event that follows `previous`: the number of the event before it, and its hash. */
export function linkFault(
  event: EventRow,
  previous: { readonly count: number; readonly hash: string },
  keys: ReadonlyMap<string, EventKey>,
  { allowMissingMacs = false } = {},
): string | undefined {
  const number = previous.count + 1;
  if (event.sequence !== number) return `event ${number} is missing`;
  if (event.hash !== eventHash(previous.hash, event)) return `event ${number} was changed`;
  const fault = event.mac === null && allowMissingMacs ? undefined : macFault(event, keys);
  return fault && `event ${number} ${fault}`;
}

function macFault({ hash, mac, macKeyId, at }: EventRow, keys: ReadonlyMap<string, EventKey>): string | undefined {
  if (mac === null || macKeyId === null) return 'has no MAC: see `audit protect`';
  const key = keys.get(macKeyId);
  if (!key) return `has a MAC of the key ${macKeyId}, which is not in the key ring`;
  if (!isEventMac(mac, key.secret, { event: hash })) return 'was changed: its MAC is wrong';
  const successors = [...keys.values()].filter(({ activeFromSeconds }) => activeFromSeconds > key.activeFromSeconds);
  const retiredAtMs = Math.min(...successors.map(({ activeFromSeconds }) => activeFromSeconds)) * 1000;
  return at.getTime() > retiredAtMs + KEY_CHANGE_MS ? 'has a MAC of a key that was retired before' : undefined;
}
