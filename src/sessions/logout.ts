import type { KeyRing } from './key-ring.js';
import type { EndSessions } from './session-ending.js';
import type { SessionStore } from './session-store.js';
import { shownToken } from './shown-token.js';
import type { Viewer } from './viewer.js';

export interface LogoutRequest {
  readonly refreshToken?: string | undefined;
  readonly everywhere?: boolean | undefined;
}

export type LogOut = (request: LogoutRequest, viewer: Viewer) => Promise<void>;

interface OwnSession {
  readonly accountId: string;
  readonly sessionId: string;
}

/**
 * Ends the session of the auth token, which may have expired, or of the refresh token; with `everywhere` all sessions
 * of its account. A token that proves nothing has no effect, and the caller cannot tell.
 */
export function logout(store: SessionStore, ring: () => KeyRing, end: EndSessions): LogOut {
  return async ({ refreshToken, everywhere }, viewer) => {
    const own = viewerSession(viewer);
    const shown = refreshToken === undefined ? undefined : await refreshSession(refreshToken);
    // Someone logged in ends only what is theirs, even if they show another's token.
    const sessions = [own, shown].filter((session) => session?.accountId === (own ?? shown)?.accountId);
    for (const session of new Map(sessions.flatMap((one) => (one ? [[one.sessionId, one]] : []))).values()) {
      const ended = await end({ accountId: session.accountId, sessionId: session.sessionId }, 'LOGGED_OUT');
      // Only a session that was live until now speaks for the others: an old token found somewhere does not.
      if (everywhere && ended.length > 0) await end({ accountId: session.accountId }, 'LOGGED_OUT');
    }
  };

  async function refreshSession(refreshToken: string): Promise<OwnSession | undefined> {
    const shown = await shownToken(refreshToken, store, ring());
    return shown && { accountId: shown.session.accountId, sessionId: shown.session.id };
  }
}

function viewerSession(viewer: Viewer): OwnSession | undefined {
  return 'sessionId' in viewer ? { accountId: viewer.accountId, sessionId: viewer.sessionId } : undefined;
}
