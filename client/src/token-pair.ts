/** What login, verifyEmail, changePassword and reauthenticate return. Each must request these fields. */
export interface TokenPair {
  authToken: string;
  /** Empty if the server keeps it in a cookie. */
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

/** What a store keeps, as one value. A client replaces it as a whole. */
export interface StoredTokens extends Omit<TokenPair, 'authToken'> {
  /** Absent if the store keeps only the refresh token. */
  authToken?: string;
  /** The idempotency key, from the moment the exchange of this refresh token begins. */
  key?: string;
  /** By the clock of this device, which may be wrong. Only its differences count. */
  storedAtMs: number;
}

/** Only these fields of a response, which may contain more about the account. */
export function toStoredTokens(pair: TokenPair, storedAtMs: number): StoredTokens {
  const fields = JSON.parse(JSON.stringify(pair, PAIR_FIELDS.split(/\W+/))) as TokenPair;
  return { ...fields, storedAtMs };
}

/** Whether both are from the same exchange. */
export function isSamePair(one: StoredTokens | undefined, other: StoredTokens): one is StoredTokens {
  return isSameSession(one, other) && one.refreshToken === other.refreshToken;
}

export function isSameSession(one: StoredTokens | undefined, other: StoredTokens | undefined): one is StoredTokens {
  return one?.session.id === other?.session.id;
}
