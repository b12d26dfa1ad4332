import type { Database } from '../database/client.js';
import type { SessionEnd } from '../database/generated/enums.js';
import type { Prisma } from '../database/generated/client.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import type { Revocations } from './revocations.js';

/** Which sessions to end. `generation` restricts it to the state that a decision was made on. */
export type SessionsToEnd =
  | { readonly accountId: string; readonly sessionId?: string; readonly exceptSessionId?: string }
  | { readonly sessionId: string; readonly generation: number };

/** Ends live sessions and resolves to the ids of those that this call ended. */
export type EndSessions = (which: SessionsToEnd, reason: SessionEnd) => Promise<string[]>;

/**
 * The one way to end a session, which every path uses: one conditional statement on the rows, then this process's
 * memory, so that the next request with an auth token of theirs is refused. Others learn of it from the rows.
 */
export function sessionEnding(database: Database, revocations: Revocations, clock: Clock, logger: Logger): EndSessions {
  return async (which, reason) => {
    const nowMs = clock.nowMs();
    const ended = await database.session.updateManyAndReturn({
      where: { ...rowsOf(which), endedAt: null },
      data: { endedAt: new Date(nowMs), endedReason: reason },
      select: { id: true, accountId: true },
    });
    for (const { id, accountId } of ended) {
      revocations.sessionEnded(id, nowMs);
      logger.info({ event: 'session.ended', reason, sessionId: id, accountId }, 'session ended');
    }
    return ended.map(({ id }) => id);
  };
}

function rowsOf(which: SessionsToEnd): Prisma.SessionWhereInput {
  if ('generation' in which) return { id: which.sessionId, generation: which.generation };
  const { accountId, sessionId, exceptSessionId } = which;
  return { accountId, id: { equals: sessionId, not: exceptSessionId } };
}
