import { z } from 'zod';
import type { EventKey } from '../keys/key-ring.js';
import { eventMac, isEventMac } from './event-mac.js';

/** The part of a chain that was deleted by age: how many events, and the hash of the last of them. */
export interface ExpiredEvents {
  readonly count: number;
  readonly hash: string;
}

const schema = z.object({
  count: z.number().int().positive(),
  hash: z.string(),
  mac: z.string().nullable(),
  macKeyId: z.string().nullable(),
});

/** What the column says, or as a text what is wrong with it. */
export function expiredEventsOf(
  account: { readonly id: string; readonly expiredEvents: string | null },
  keys: ReadonlyMap<string, EventKey>,
): ExpiredEvents | string {
  if (account.expiredEvents === null) return { count: 0, hash: '' };
  const parsed = schema.safeParse(jsonOf(account.expiredEvents)).data;
  if (!parsed) return 'the statement about the expired events was changed';
  const { count, hash, mac, macKeyId } = parsed;
  const key = keys.get(macKeyId ?? '');
  const content = { accountId: account.id, expiredCount: count, expiredHash: hash };
  const isAuthentic = key !== undefined && mac !== null && isEventMac(mac, key.secret, content);
  return isAuthentic ? { count, hash } : `the first ${count} events are missing`;
}

/** What the column says when these events have been deleted. */
export function expiredEventsStatement(accountId: string, { count, hash }: ExpiredEvents, key: EventKey): string {
  const mac = eventMac(key.secret, { accountId, expiredCount: count, expiredHash: hash });
  return JSON.stringify({ count, hash, mac, macKeyId: key.kid });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
