import type { Database } from '../database/client.js';
import { cleanupRounds, type Cleanup } from '../shared/cleanup-rounds.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import type { AccountContent } from './account-deletion.js';

/** Accounts that are read at once. Each is deleted alone, because its sessions, events and mails are deleted with it. */
const BATCH = 20;

/** Deletes the accounts whose deletion is due. */
export function accountCleanup(
  { account }: Database,
  content: Pick<AccountContent, 'remove'>,
  clock: Clock,
  logger: Logger,
): Cleanup {
  return cleanupRounds(logger, async (stopping) => {
    const deletionAt = { lte: new Date(clock.nowMs()) };
    while (!stopping.aborted) {
      const due = await account.findMany({ where: { deletionAt }, take: BATCH, select: { id: true } });
      if (due.length === 0) return;
      for (const { id } of due) {
        await content.remove(id, stopping);
        if (stopping.aborted) return;
        const { count } = await account.deleteMany({ where: { id, deletionAt } });
        if (count > 0) logger.info({ event: 'account.deleted', accountId: id }, 'an account was deleted');
      }
    }
  });
}
