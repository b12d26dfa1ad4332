import type { Clock } from './clock.js';
import type { StoredTokens } from './token-store.js';

/** What login, verifyEmail, changePassword and reauthenticate return. Each must request these fields. */
export interface TokenPair {
  authToken: string;
  refreshToken: string;
  serverTime: string;
  refreshAfter: string;
  authTokenExpiresAt: string;
  refreshTokenExpiresAt: string;
  session: { id: string };
  account: { id: string };
}

export const PAIR_FIELDS =
  'authToken refreshToken serverTime refreshAfter authTokenExpiresAt refreshTokenExpiresAt session { id } account { id }';

/** Without what else the response contains. Times become differences, because the clock of the device may be wrong. */
export function toStoredTokens(pair: TokenPair, clock: Clock): StoredTokens {
  /** Undefined if the response has no such time. */
  const inMs = (time: string) => Date.parse(time) - Date.parse(pair.serverTime) || undefined;
  return {
    authToken: pair.authToken,
    refreshToken: pair.refreshToken,
    sessionId: pair.session.id,
    accountId: pair.account.id,
    storedAtMs: clock.wall(),
    refreshInMs: inMs(pair.refreshAfter),
    authTokenExpiresInMs: inMs(pair.authTokenExpiresAt),
    sessionExpiresInMs: inMs(pair.refreshTokenExpiresAt),
  };
}

export function isSamePair(one: StoredTokens | undefined, other: StoredTokens): one is StoredTokens {
  return one?.refreshToken === other.refreshToken && one.sessionId === other.sessionId;
}
