import type { Database } from '../database/client.js';
import { inTransaction, type Transaction } from '../database/transaction.js';
import { Failure } from '../errors/failure.js';
import type { KeyRing } from '../keys/key-ring.js';
import type { RefreshLimits } from '../limits/refresh-limits.js';
import type { RevokeSessions } from '../sessions/session-revocation.js';
import { whereActive } from '../sessions/session-expiry.js';
import type { SessionStore } from '../sessions/session-store.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { Clock } from '../shared/clock.js';
import { rejectionOf, type Viewer } from '../tokens/viewer.js';
import {
  presentedRefreshToken,
  type ForgedRefreshToken,
  type PresentedRefreshToken,
} from './presented-refresh-token.js';

export interface LogoutRequest {
  readonly refreshToken?: string | undefined;
  readonly everywhere?: boolean | undefined;
}

export type LogOut = (request: LogoutRequest, viewer: Viewer, clientInfo: ClientInfo) => Promise<void>;

/** A session that a token of the request may revoke. */
interface OwnSession {
  readonly accountId: string;
  readonly sessionId: string;
  /** Whether the token may revoke all sessions of the account: it is valid, or it was until its session was revoked. */
  readonly mayRevokeAll: boolean;
  readonly generation: number;
  /** A refresh token may revoke all sessions only while the session is at its generation. */
  readonly isRefreshToken: boolean;
}

export interface LogoutParts {
  readonly database: Database;
  readonly store: SessionStore;
  readonly ring: () => KeyRing;
  readonly revokeSessions: RevokeSessions;
  readonly limits: Pick<RefreshLimits, 'countUnknownToken'>;
  readonly clock: Clock;
}

/**
 * Revokes the session of the auth token, which may have expired, or of the refresh token; with `everywhere` all sessions
 * of the account. A forged token, and one from before the session's cut, has no effect, and the response is the same.
 * @throws Failure SERVICE_UNAVAILABLE if the server cannot know whether the token is valid: the client is not logged out;
 * RATE_LIMITED if the only token is an unknown refresh token, after many others from the same client address;
 * TOKEN_MISSING, TOKEN_INVALID, TOKEN_STALE or TOKEN_REVOKED if the tokens do not suffice for `everywhere`
 */
export function logout({ database, store, ring, revokeSessions, limits, clock }: LogoutParts): LogOut {
  return async ({ refreshToken, everywhere }, viewer, clientInfo) => {
    if (viewer.state === 'indeterminate') throw new Failure('SERVICE_UNAVAILABLE', { cause: viewer.cause });
    const ofAuthToken = await sessionOfAuthToken(viewer);
    const presented = refreshToken === undefined ? undefined : await presentedRefreshToken(refreshToken, store, ring());
    if (presented && !('session' in presented) && !ofAuthToken) limits.countUnknownToken(clientInfo);
    const ofRefreshToken = sessionOfRefreshToken(presented);
    const accountId = (ofAuthToken ?? ofRefreshToken)?.accountId;
    // A viewer revokes only sessions of their own account, even if they present a refresh token of another account.
    const own = [ofAuthToken, ofRefreshToken].flatMap((one) => (one && one.accountId === accountId ? [one] : []));
    const isLoggedOutEverywhere =
      accountId !== undefined &&
      (await inTransaction(database, async (transaction) => {
        if (everywhere && (await revokeAll(transaction, accountId, own, clientInfo))) return true;
        for (const { sessionId, generation } of own) {
          await revokeSessions(transaction, { sessionId, notCutAfter: generation }, 'LOGGED_OUT', clientInfo);
        }
        return everywhere && (await isRepeated(transaction, accountId, own));
      }));
    if (!everywhere || isLoggedOutEverywhere) return;
    // The response must not suggest that the other devices are logged out.
    throw insufficient(viewer, ofAuthToken);
  };

  /** Revokes all sessions of the account if one of these is active and its token suffices. Resolves to whether it did. */
  async function revokeAll(
    transaction: Transaction,
    accountId: string,
    own: readonly OwnSession[],
    clientInfo: ClientInfo,
  ): Promise<boolean> {
    for (const { sessionId, generation, mayRevokeAll, isRefreshToken } of own) {
      if (!mayRevokeAll) continue;
      const which = isRefreshToken ? { sessionId, generation } : { sessionId, notCutAfter: generation };
      const ended = await revokeSessions(transaction, which, 'LOGGED_OUT', clientInfo);
      if (ended.length === 0) continue;
      await revokeSessions(transaction, { accountId }, 'LOGGED_OUT', clientInfo);
      return true;
    }
    return false;
  }

  /** Whether the client repeats a logout whose response it lost: its token would have sufficed, and no session is left. */
  async function isRepeated({ client }: Transaction, accountId: string, own: readonly OwnSession[]): Promise<boolean> {
    if (!own.some(({ mayRevokeAll }) => mayRevokeAll)) return false;
    return (await client.session.count({ where: { accountId, ...whereActive(new Date(clock.nowMs())) } })) === 0;
  }

  async function sessionOfAuthToken(viewer: Viewer): Promise<OwnSession | undefined> {
    if (!('sessionId' in viewer)) return undefined;
    const { accountId, sessionId, generation } = viewer;
    const session = await store.find(sessionId);
    if (session?.accountId !== accountId || generation < session.cutGeneration) return undefined;
    const mayRevokeAll = viewer.state === 'authenticated' || viewer.reason === 'TOKEN_REVOKED';
    return { accountId, sessionId, generation, mayRevokeAll, isRefreshToken: false };
  }

  function sessionOfRefreshToken(
    presented: PresentedRefreshToken | ForgedRefreshToken | undefined,
  ): OwnSession | undefined {
    if (!presented || !('session' in presented)) return undefined;
    const { session, generation } = presented;
    if (generation < session.cutGeneration) return undefined;
    const { id: sessionId, accountId } = session;
    return { accountId, sessionId, generation, mayRevokeAll: generation === session.generation, isRefreshToken: true };
  }
}

/** Why the tokens do not suffice for `everywhere`, and what the client can do now. */
function insufficient(viewer: Viewer, ofAuthToken: OwnSession | undefined): Failure {
  // This request has revoked the session of the auth token.
  if (ofAuthToken) return new Failure('TOKEN_REVOKED');
  // Authenticated without a session of its own: another process voided the token a moment ago.
  return viewer.state === 'authenticated' ? new Failure('TOKEN_STALE') : rejectionOf(viewer);
}
