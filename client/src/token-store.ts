/** What a store keeps, as one value. A client replaces it as a whole. */
export interface StoredTokens {
  /** Empty if the server keeps it in a cookie. */
  refreshToken: string;
  sessionId: string;
  accountId: string;
  /** The idempotency key, from the moment the exchange of this refresh token begins. */
  key?: string;
  /** Absent if the store keeps only the refresh token. */
  authToken?: string;
  /** By the clock of this device. Only its differences count. */
  storedAtMs?: number;
  /** From the moment the server issued the pair. */
  refreshInMs?: number;
  authTokenExpiresInMs?: number;
  sessionExpiresInMs?: number;
}

export type Change = (stored: StoredTokens | undefined) => StoredTokens | undefined;

/** Where the tokens are. If a method rejects, the client continues in memory and emits `storeFailed`. */
export interface TokenStore {
  read(): Promise<StoredTokens | undefined>;
  /** Stores what `change` makes of the stored value, and returns it. `change` may run again if the store retries. */
  update(change: Change): Promise<StoredTokens | undefined>;
  /** Whether `update` is one atomic step for all tabs that share the store. Otherwise the client sends no idempotency key. */
  readonly isAtomic: boolean;
  /** The same text in all tabs that share the store, and in no other. Undefined: no other tab shares it. */
  readonly sharedAs?: string;
}

/** Keeps the tokens until the page is left or reloaded, or the process ends. For public computers, servers and tests. */
export function memoryTokenStore(stored?: StoredTokens, isAtomic = true): TokenStore {
  return { isAtomic, read: async () => stored, update: async (change) => (stored = change(stored)) };
}
