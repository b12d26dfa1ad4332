import type { Database } from '../database/client.js';
import { inTransaction } from '../database/transaction.js';
import type { Clock } from '../shared/clock.js';
import { Failure } from '../errors/failure.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { RevokeSessions } from './session-revocation.js';
import type { SessionRow } from './session-row.js';
import type { SessionStore } from './session-store.js';
import type { AuthenticatedViewer } from '../tokens/viewer.js';

export interface OwnSessions {
  /** The account's active sessions, newest first. */
  list(accountId: string): Promise<SessionRow[]>;
  /** Revokes one of the viewer's sessions. A revoked or expired one stays as it is. @throws Failure NOT_FOUND */
  revokeOne(viewer: AuthenticatedViewer, sessionId: string, clientInfo: ClientInfo): Promise<void>;
  /** Revokes all of the viewer's sessions except the current one. Resolves to their number. */
  revokeOthers(viewer: AuthenticatedViewer, clientInfo: ClientInfo): Promise<number>;
}

export function ownSessions(
  database: Database,
  store: SessionStore,
  revokeSessions: RevokeSessions,
  clock: Clock,
): OwnSessions {
  return {
    list: (accountId) => store.active(accountId, new Date(clock.nowMs())),
    async revokeOne({ accountId }, sessionId, clientInfo) {
      const ended = await inTransaction(database, (transaction) =>
        revokeSessions(transaction, { accountId, sessionId }, 'REVOKED', clientInfo),
      );
      if (ended.length > 0) return;
      const session = await store.find(sessionId);
      if (session?.accountId !== accountId) throw new Failure('NOT_FOUND');
    },
    async revokeOthers({ accountId, sessionId }, clientInfo) {
      const which = { accountId, exceptSessionId: sessionId };
      return (await inTransaction(database, (transaction) => revokeSessions(transaction, which, 'REVOKED', clientInfo)))
        .length;
    },
  };
}
