import type { Database } from '../database/client.js';
import { inTransaction } from '../database/transaction.js';
import { Failure } from '../errors/failure.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { KeyRing } from '../keys/key-ring.js';
import type { RevokeSessions } from '../sessions/session-revocation.js';
import type { SessionStore } from '../sessions/session-store.js';
import { presentedRefreshToken } from './presented-refresh-token.js';
import type { Viewer } from '../tokens/viewer.js';

export interface LogoutRequest {
  readonly refreshToken?: string | undefined;
  readonly everywhere?: boolean | undefined;
}

export type LogOut = (request: LogoutRequest, viewer: Viewer, clientInfo: ClientInfo) => Promise<void>;

interface OwnSession {
  readonly accountId: string;
  readonly sessionId: string;
}

export interface LogoutParts {
  readonly database: Database;
  readonly store: SessionStore;
  readonly ring: () => KeyRing;
  readonly revokeSessions: RevokeSessions;
}

/**
 * Revokes the session of the auth token, which may have expired, or of the refresh token; with `everywhere` all sessions
 * of the account. A forged token has no effect, and the response is the same.
 * @throws Failure SERVICE_UNAVAILABLE if the server cannot know whether the token is valid: the client is not logged out
 */
export function logout({ database, store, ring, revokeSessions }: LogoutParts): LogOut {
  return async ({ refreshToken, everywhere }, viewer, clientInfo) => {
    if (viewer.state === 'indeterminate') throw new Failure('SERVICE_UNAVAILABLE', { cause: viewer.cause });
    const own = 'sessionId' in viewer ? viewer : undefined;
    const shown = refreshToken === undefined ? undefined : await sessionOf(refreshToken);
    const accountId = (own ?? shown)?.accountId;
    if (accountId === undefined) return;
    // A viewer revokes only sessions of their own account, even if they present a refresh token of another account.
    const sessionIds = [own, shown].flatMap((one) => (one?.accountId === accountId ? [one.sessionId] : []));
    await inTransaction(database, async (transaction) => {
      const ended = await revokeSessions(transaction, { accountId, sessionIds }, 'LOGGED_OUT', clientInfo);
      // Only an active session may revoke the others. The token of a session that was revoked earlier may not.
      if (everywhere && ended.length > 0) await revokeSessions(transaction, { accountId }, 'LOGGED_OUT', clientInfo);
    });
  };

  async function sessionOf(refreshToken: string): Promise<OwnSession | undefined> {
    const shown = await presentedRefreshToken(refreshToken, store, ring());
    return 'session' in shown ? { accountId: shown.session.accountId, sessionId: shown.session.id } : undefined;
  }
}
