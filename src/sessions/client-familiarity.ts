import type { Transaction } from '../database/transaction.js';
import { clientNetwork } from '../limits/client-network.js';
import type { ClientInfo } from '../shared/client-info.js';
import { leastIdOf } from '../shared/id.js';

/** Whether an account was used with a client before: `first` if it was not used at all. */
export type ClientFamiliarity = 'first' | 'known' | 'new';

const LOGINS = ['LOGGED_IN', 'LOGGED_IN_ON_NEW_DEVICE'] as const;
const REMEMBERED_MS = 90 * 86_400_000;
/** The newest ones. An account that logs in more often is a program. */
const MOST_EVENTS = 100;

/**
 * A client is known if the account logged in within 90 days from the same network, with the same User-Agent header but for
 * the versions in it, and if its owner has not reported that session. A header alone proves nothing: whoever has the password
 * can send any. Device names are ignored for the same reason.
 */
export async function clientFamiliarity(
  { client }: Transaction,
  accountId: string,
  clientInfo: ClientInfo,
  nowMs: number,
): Promise<ClientFamiliarity> {
  const events = await client.securityEvent.findMany({
    // By id, because the index contains it: an account may have many older events.
    where: { accountId, kind: { in: [...LOGINS, 'SESSION_REPORTED'] }, id: { gt: leastIdOf(nowMs - REMEMBERED_MS) } },
    orderBy: { id: 'desc' },
    take: MOST_EVENTS,
    select: { kind: true, sessionId: true, ipAddress: true, userAgent: true },
  });
  const reported = new Set(events.filter(({ kind }) => kind === 'SESSION_REPORTED').map(({ sessionId }) => sessionId));
  const own = nameOf(clientInfo.ipAddress, clientInfo.userAgent);
  const isKnown = events.some(
    ({ kind, sessionId, ipAddress, userAgent }) =>
      kind !== 'SESSION_REPORTED' && !reported.has(sessionId) && nameOf(ipAddress, userAgent) === own,
  );
  if (isKnown) return 'known';
  return events.length > 0 || (await hasLoggedIn(client, accountId)) ? 'new' : 'first';
}

/** Whether there was a login at any time, also if its event has been deleted by age. */
async function hasLoggedIn(client: Transaction['client'], accountId: string): Promise<boolean> {
  const where = { accountId, kind: { in: [...LOGINS] } };
  if (await client.securityEvent.findFirst({ where, select: { id: true } })) return true;
  const account = await client.account.findUnique({ where: { id: accountId }, select: { expiredEvents: true } });
  return account?.expiredEvents != null;
}

function nameOf(ipAddress: string | null, userAgent: string | null | undefined): string {
  return `${clientNetwork(ipAddress ?? '')} ${userAgent?.replace(/[\d.]+/g, '') ?? ''}`;
}
