import type { Database } from '../database/client.js';
import { inTransaction } from '../database/transaction.js';
import type { EventKey } from '../keys/key-ring.js';
import { verifyEventChain, type EventHead, type EventRow } from './event-chain.js';
import { expiredEventsOf } from './expired-events.js';
import { eventMac } from './event-mac.js';
import type { LoggedHead } from './logged-heads.js';

type Keys = ReadonlyMap<string, EventKey>;

/** On PostgreSQL each statement of a transaction sees later commits by default. */
const SNAPSHOT = { isolationLevel: 'Serializable' } as const;
const HEAD_FIELDS = { id: true, eventCount: true, eventHash: true, expiredEvents: true };

/**
 * Checks the events of all accounts: each chain, each MAC, and that the database has all events that the log knows.
 * Resolves to the number of events that expired, and to one line for each account with a fault.
 */
export async function verifyEvents(
  database: Database,
  keys: Keys,
  logged: readonly LoggedHead[],
): Promise<{ expired: number; faults: string[] }> {
  const faults: string[] = [];
  let total = 0;
  for (const { id, email } of await database.account.findMany({ select: { id: true, email: true } })) {
    // In one snapshot, because a running server adds and deletes events at the same time.
    const found = await database.$transaction(async (client) => chainOf(client, id), SNAPSHOT);
    if (!found) continue;
    const { account, events } = found;
    const fault =
      verifyEventChain(events, account, keys) ??
      headFault(
        events,
        account,
        keys,
        logged.filter(({ accountId }) => accountId === id),
      );
    if (fault) faults.push(`${email} (${id}): ${fault}`);
    const expired = expiredEventsOf(account, keys);
    if (typeof expired !== 'string') total += expired.count;
  }
  return { expired: total, faults };
}

/**
 * Adds a MAC to the events that have none: those of an earlier version of the server. It does not change an account
 * whose chain has another fault. Resolves to the number of events, and to one line for each account with a fault.
 */
export async function protectEvents(
  database: Database,
  keys: Keys,
  key: EventKey,
): Promise<{ count: number; faults: string[] }> {
  const faults: string[] = [];
  let total = 0;
  for (const { id, email } of await database.account.findMany({ select: { id: true, email: true } })) {
    total += await inTransaction(database, async ({ client }) => {
      // The update locks the row, so that no server adds an event at the same time.
      await client.$executeRaw`UPDATE "Account" SET "eventCount" = "eventCount" WHERE "id" = ${id}`;
      const found = await chainOf(client, id);
      const fault = found && verifyEventChain(found.events, found.account, keys, { allowMissingMacs: true });
      if (fault) faults.push(`${email} (${id}): ${fault}`);
      if (!found || fault) return 0;
      const unprotected = found.events.filter(({ mac }) => mac === null);
      for (const { id: eventId, hash } of unprotected) {
        const data = { mac: eventMac(key.secret, { event: hash }), macKeyId: key.kid };
        await client.securityEvent.update({ where: { id: eventId }, data });
      }
      return unprotected.length;
    });
  }
  return { count: total, faults };
}

async function chainOf(
  client: Pick<Database, 'account' | 'securityEvent'>,
  id: string,
): Promise<{ account: EventHead; events: EventRow[] } | undefined> {
  const account = await client.account.findUnique({ where: { id }, select: HEAD_FIELDS });
  const events = await client.securityEvent.findMany({ where: { accountId: id }, orderBy: { sequence: 'asc' } });
  return account ? { account, events } : undefined;
}

/** Expects a chain without a fault. */
function headFault(
  events: readonly EventRow[],
  account: EventHead,
  keys: Keys,
  logged: readonly LoggedHead[],
): string | undefined {
  const expired = expiredEventsOf(account, keys);
  if (typeof expired === 'string') return expired;
  for (const { count, hash } of logged) {
    if (count > account.eventCount) return `the last ${count - account.eventCount} events in the log are missing`;
    const event = events[count - expired.count - 1];
    const stored = count === expired.count ? expired.hash : event?.hash;
    if (count >= expired.count && stored !== hash) return `event ${count} is not the event in the log`;
  }
  return undefined;
}
