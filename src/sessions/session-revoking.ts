import type { Database } from '../database/client.js';
import { inTransaction } from '../database/transaction.js';
import { Failure } from '../shared/failure.js';
import type { Origin } from '../shared/origin.js';
import type { EndSessions } from './session-ending.js';
import type { SessionStore } from './session-store.js';
import type { AuthenticatedViewer } from './viewer.js';

export interface SessionRevoking {
  /** Ends one of the viewer's sessions; one that is over already stays so. @throws Failure NOT_FOUND */
  one(viewer: AuthenticatedViewer, sessionId: string, origin: Origin): Promise<void>;
  /** Ends all of the viewer's sessions but the current one, and says how many. */
  others(viewer: AuthenticatedViewer, origin: Origin): Promise<number>;
}

export function sessionRevoking(database: Database, store: SessionStore, end: EndSessions): SessionRevoking {
  return {
    async one({ accountId }, sessionId, origin) {
      const ended = await inTransaction(database, (transaction) =>
        end(transaction, { accountId, sessionId }, 'REVOKED', origin),
      );
      if (ended.length > 0) return;
      const session = await store.find(sessionId);
      if (session?.accountId !== accountId) throw new Failure('NOT_FOUND');
    },
    async others({ accountId, sessionId }, origin) {
      const which = { accountId, exceptSessionId: sessionId };
      return (await inTransaction(database, (transaction) => end(transaction, which, 'REVOKED', origin))).length;
    },
  };
}
