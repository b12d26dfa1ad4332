import { randomInt, randomUUID } from 'node:crypto';
import type { Account } from '../accounts/account-store.js';
import type { Config } from '../config.js';
import type { Clock } from '../shared/clock.js';
import { signAuthToken } from './auth-token.js';
import { activeSigningKey, type KeyRing, type RefreshKey } from './key-ring.js';
import type { KnownSessions } from './known-sessions.js';
import { deriveRefreshToken } from './refresh-token.js';
import { endOf } from './session-life.js';
import type { SessionRow } from './session-store.js';

/** A token pair with everything that a client needs to use it well. */
export interface MintedPair {
  readonly authToken: string;
  readonly authTokenExpiresAt: Date;
  readonly refreshToken: string;
  readonly refreshTokenExpiresAt: Date;
  readonly refreshAfter: Date;
  readonly serverTime: Date;
  readonly session: SessionRow;
  readonly account: Account;
}

export type MintTokenPair = (session: SessionRow, account: Account, refreshKey: RefreshKey) => MintedPair;

/** The one place where tokens are minted: of a session as it stands in the database, for the account that owns it. */
export function tokenMinting(
  config: Pick<Config, 'authToken' | 'keyRing'>,
  ring: () => KeyRing,
  clock: Clock,
  known: KnownSessions,
): MintTokenPair {
  return (session, account, refreshKey) => {
    const nowMs = clock.nowMs();
    const iat = Math.floor(nowMs / 1000);
    // No auth token outlives its session, whose end a refresh may move.
    const sessionEnd = Math.floor(endOf(session).getTime() / 1000);
    const exp = Math.max(iat + 1, Math.min(iat + config.authToken.ttlSeconds, sessionEnd));
    const key = activeSigningKey(ring(), iat, config.keyRing.algorithm);
    const { id: sid, generation: gen } = session;
    const claims = { sub: account.id, sid, gen, role: account.role, jti: randomUUID(), iat, exp };
    known.add(sid, account.id);
    return {
      authToken: signAuthToken(claims, key, config.authToken),
      authTokenExpiresAt: new Date(exp * 1000),
      refreshToken: deriveRefreshToken(sid, gen, { salt: session.salt, secret: refreshKey.secret }),
      refreshTokenExpiresAt: endOf(session),
      refreshAfter: refreshTime(nowMs, exp * 1000),
      serverTime: new Date(nowMs),
      session,
      account,
    };
  };
}

/** Somewhere between 70 and 85 % of the auth token's life, so that clients that logged in together refresh apart. */
function refreshTime(nowMs: number, expiresAtMs: number): Date {
  const lifeMs = expiresAtMs - nowMs;
  return new Date(nowMs + Math.floor((lifeMs * randomInt(700, 851)) / 1000));
}
