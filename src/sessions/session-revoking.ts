import { Failure } from '../shared/failure.js';
import type { EndSessions } from './session-ending.js';
import type { SessionStore } from './session-store.js';
import type { AuthenticatedViewer } from './viewer.js';

/** Ends one of the viewer's sessions; one that is over already stays so. @throws Failure NOT_FOUND */
export type RevokeSession = (viewer: AuthenticatedViewer, sessionId: string) => Promise<void>;

/** Ends all of the viewer's sessions but the current one, and says how many. */
export type RevokeOtherSessions = (viewer: AuthenticatedViewer) => Promise<number>;

export function sessionRevoking(store: SessionStore, end: EndSessions): RevokeSession {
  return async ({ accountId }, sessionId) => {
    const ended = await end({ accountId, sessionId }, 'REVOKED');
    if (ended.length > 0) return;
    const session = await store.find(sessionId);
    if (session?.accountId !== accountId) throw new Failure('NOT_FOUND');
  };
}

export function otherSessionsRevoking(end: EndSessions): RevokeOtherSessions {
  return async ({ accountId, sessionId }) => (await end({ accountId, exceptSessionId: sessionId }, 'REVOKED')).length;
}
