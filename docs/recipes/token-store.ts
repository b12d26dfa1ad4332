/** The part of the response to `login` and `refreshToken` that a client stores. */
export interface TokenPair {
  authToken: string;
  refreshToken: string;
}

export interface TokenStore {
  get(): TokenPair | undefined;
  /** Undefined discards the pair. */
  set(pair: TokenPair | undefined): void;
}

/** Keeps the pair until the page closes. */
export function memoryTokenStore(pair?: TokenPair): TokenStore {
  return { get: () => pair, set: (next) => (pair = next) };
}

/** Keeps the pair in sessionStorage, until the tab closes, or in localStorage, until logout and for all tabs. */
export function webTokenStore(storage: WebStorage): TokenStore {
  const key = 'tandem.tokens';
  return {
    // Read on each call, because another tab may have refreshed.
    get: () => (JSON.parse(storage.getItem(key) ?? 'null') as TokenPair | null) ?? undefined,
    set(pair) {
      if (!pair) return storage.removeItem(key);
      const { authToken, refreshToken } = pair;
      storage.setItem(key, JSON.stringify({ authToken, refreshToken }));
    },
  };
}

/** The part of the browser's Storage that this store uses. */
export interface WebStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}
