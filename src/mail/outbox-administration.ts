import type { Database } from '../database/client.js';
import type { OutgoingMail } from '../database/generated/client.js';

/** The mails that were not sent, apart from those that were not needed any more: oldest first, without their parameters. */
export type UnsentMail = Pick<
  OutgoingMail,
  'id' | 'template' | 'toAddress' | 'attempts' | 'nextAttemptAt' | 'givenUpAt' | 'lastError' | 'createdAt'
>;

export function listUnsent(database: Database, most: number): Promise<UnsentMail[]> {
  return database.outgoingMail.findMany({
    where: { sentAt: null, OR: [{ givenUpAt: null }, { lastError: { not: null } }] },
    orderBy: { id: 'asc' },
    take: most,
    omit: { parameters: true, oneTimeTokenId: true, accountId: true, sentAt: true },
  });
}

/**
 * Makes mails due whose last attempt failed, also those that were given up. Resolves to their number. A mail that is being
 * sent at this moment has no last error, so it is not sent twice.
 */
export async function retryFailed(database: Database, now: Date): Promise<number> {
  const { count } = await database.outgoingMail.updateMany({
    where: { sentAt: null, lastError: { not: null } },
    data: { nextAttemptAt: now, givenUpAt: null },
  });
  return count;
}
