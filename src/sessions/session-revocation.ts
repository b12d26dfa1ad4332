import type { RecordEvents } from '../events/security-events.js';
import type { Prisma } from '../database/generated/client.js';
import type { SessionEnd } from '../database/generated/enums.js';
import type { Transaction } from '../database/transaction.js';
import type { Clock } from '../shared/clock.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { Logger } from '../shared/logger.js';
import type { RevocationList } from '../revocation/revocation-list.js';
import type { RevocationNotification } from '../revocation/revocation-notification.js';
import { whereActive } from './session-expiry.js';

/** Which sessions to revoke. With `generation`, only if the session is still at
 * the generation that was decided on; with `notCutAfter`, only if tokens of this generation are not void. */
export type SessionSelector =
  | { readonly accountId: string; readonly sessionId?: string; readonly exceptSessionId?: string }
  | { readonly accountId: string; readonly sessionIds: readonly string[] }
  | { readonly sessionId: string; readonly generation: number }
  | { readonly sessionId: string; readonly notCutAfter: number };

/** Revokes active sessions and resolves to the ids of those that this call revoked. `clientInfo` is of the request. */
export type RevokeSessions = (
  transaction: Transaction,
  which: SessionSelector,
  reason: SessionEnd,
  clientInfo?: ClientInfo,
) => Promise<string[]>;

/**
 * The one function that revokes sessions; every path uses it. It updates the rows in one conditional statement, records
 * a security event, and after the commit adds the sessions to this process's revocation list, so that the next request
 * with one of their auth tokens is rejected. Other processes are notified. If they miss the notification, they read the
 * rows.
 */
export function sessionRevocation(
  revocations: Pick<RevocationList, 'sessionEnded'>,
  record: RecordEvents,
  clock: Clock,
  logger: Logger,
): RevokeSessions {
  return async (transaction, which, reason, clientInfo) => {
    const nowMs = clock.nowMs();
    const now = new Date(nowMs);
    const ended = await transaction.client.session.updateManyAndReturn({
      where: { ...rowsOf(which), ...whereActive(now) },
      data: { endedAt: now, endedReason: reason },
      select: { id: true, accountId: true },
    });
    const [first] = ended;
    if (!first) return [];
    const ids = ended.map(({ id }) => id);
    const events = ids.map((sessionId) => ({
      kind: 'SESSION_ENDED' as const,
      sessionId,
      ...clientInfo,
      detail: { reason },
    }));
    await record(transaction, first.accountId, events);
    for (const id of ids) transaction.notify({ sessionEnded: id } satisfies RevocationNotification);
    transaction.afterCommit(() => {
      for (const id of ids) revocations.sessionEnded(id, nowMs);
      logger.info(
        { event: 'session.ended', reason, sessionIds: ids, accountId: first.accountId, ...clientInfo },
        'sessions ended',
      );
    });
    return ids;
  };
}

function rowsOf(which: SessionSelector): Prisma.SessionWhereInput {
  if ('generation' in which) return { id: which.sessionId, generation: which.generation };
  if ('notCutAfter' in which) return { id: which.sessionId, cutGeneration: { lte: which.notCutAfter } };
  if ('sessionIds' in which) return { accountId: which.accountId, id: { in: [...which.sessionIds] } };
  const { accountId, sessionId, exceptSessionId } = which;
  return { accountId, id: { equals: sessionId, not: exceptSessionId } };
}
