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

/** Which sessions to end. `generation` restricts it to the state that a decision was made on. */
export type SessionSelector =
  | { readonly accountId: string; readonly sessionId?: string; readonly exceptSessionId?: string }
  | { readonly accountId: string; readonly sessionIds: readonly string[] }
  | { readonly sessionId: string; readonly generation: number };

/** Ends live sessions and resolves to the ids of those that this call ended. `clientInfo` is where the wish came from. */
export type RevokeSessions = (
  transaction: Transaction,
  which: SessionSelector,
  reason: SessionEnd,
  clientInfo?: ClientInfo,
) => Promise<string[]>;

/**
 * The one way to end a session, which every path uses: one conditional statement on the rows, an event in the owner's
 * timeline, and after the commit this process's memory, so that the next request with an auth token of theirs is
 * refused. Other processes are told, and find it in the rows should they have missed it.
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
      logger.info({ event: 'session.ended', reason, sessionIds: ids, accountId: first.accountId }, 'sessions ended');
    });
    return ids;
  };
}

function rowsOf(which: SessionSelector): Prisma.SessionWhereInput {
  if ('generation' in which) return { id: which.sessionId, generation: which.generation };
  if ('sessionIds' in which) return { accountId: which.accountId, id: { in: [...which.sessionIds] } };
  const { accountId, sessionId, exceptSessionId } = which;
  return { accountId, id: { equals: sessionId, not: exceptSessionId } };
}
