/** The part of a token pair that a client stores. */
export interface TokenPair {
  authToken: string;
  refreshToken: string;
  session: { id: string };
}

/** One value: a pair and, from the moment its exchange begins, the idempotency key of this exchange. */
export interface StoredTokens extends TokenPair {
  idempotencyKey?: string;
}

export type Change = (stored: StoredTokens | undefined) => StoredTokens | undefined;

export interface TokenStore {
  read(): Promise<StoredTokens | undefined>;
  /** Stores what `change` makes of the stored value, and returns it. Nothing else is stored in between, by any tab. */
  update(change: Change): Promise<StoredTokens | undefined>;
}

/** For one process. Keeps the tokens until it ends. */
export function memoryTokenStore(): TokenStore {
  let stored: StoredTokens | undefined;
  return { read: async () => stored, update: async (change) => (stored = change(stored)) };
}
