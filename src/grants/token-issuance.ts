import { randomInt, randomUUID } from 'node:crypto';
import type { Account } from '../accounts/account-store.js';
import type { Clock } from '../shared/clock.js';
import { signAuthToken, type AuthTokenSettings } from '../tokens/auth-token.js';
import { activeSigningKey, type AuthTokenAlgorithm, type KeyRing, type RefreshKey } from '../keys/key-ring.js';
import type { SeenSessions } from '../authentication/seen-sessions.js';
import { deriveRefreshToken } from '../tokens/refresh-token.js';
import { expiryOf } from '../sessions/session-expiry.js';
import type { SessionRow } from '../sessions/session-row.js';

/** A token pair (RFC 6749 §5.1) and what a client needs to use it. */
export interface IssuedTokens {
  readonly authToken: string;
  readonly authTokenExpiresAt: Date;
  readonly refreshToken: string;
  readonly refreshTokenExpiresAt: Date;
  readonly refreshAfter: Date;
  readonly serverTime: Date;
  readonly session: SessionRow;
  readonly account: Account;
}

export type IssueTokens = (session: SessionRow, account: Account, refreshKey: RefreshKey) => IssuedTokens;

/** The one function that issues tokens: for a session as it is in the database, and its account. */
export function tokenIssuance(
  settings: AuthTokenSettings,
  algorithm: AuthTokenAlgorithm | undefined,
  ring: () => KeyRing,
  clock: Clock,
  seen: SeenSessions,
): IssueTokens {
  return (session, account, refreshKey) => {
    const nowMs = clock.nowMs();
    const iat = Math.floor(nowMs / 1000);
    // No auth token outlives its session.
    const sessionEnd = Math.floor(expiryOf(session).getTime() / 1000);
    const exp = Math.max(iat + 1, Math.min(iat + settings.ttlSeconds, sessionEnd));
    const key = activeSigningKey(ring(), iat, algorithm);
    const { id: sid, generation: gen } = session;
    const claims = { sub: account.id, sid, gen, role: account.role, jti: randomUUID(), iat, exp };
    seen.add(sid, account.id);
    return {
      authToken: signAuthToken(claims, key, settings),
      authTokenExpiresAt: new Date(exp * 1000),
      refreshToken: deriveRefreshToken(sid, gen, { salt: session.salt, secret: refreshKey.secret }),
      refreshTokenExpiresAt: expiryOf(session),
      refreshAfter: refreshTime(nowMs, exp * 1000),
      serverTime: new Date(nowMs),
      session,
      account,
    };
  };
}

/** A random time between 70 and 85 % of the auth token's lifetime, so that clients do not all refresh at once. */
function refreshTime(nowMs: number, expiresAtMs: number): Date {
  const lifeMs = expiresAtMs - nowMs;
  return new Date(nowMs + Math.floor((lifeMs * randomInt(700, 851)) / 1000));
}
