/** What `login` and `refreshToken` answer with, as far as a client has to keep it. */
export interface TokenPair {
  authToken: string;
  refreshToken: string;
}

export interface TokenStore {
  get(): TokenPair | undefined;
  /** Undefined drops the pair. */
  set(pair: TokenPair | undefined): void;
}

/** Lasts as long as the page does. */
export function memoryTokenStore(pair?: TokenPair): TokenStore {
  return { get: () => pair, set: (next) => (pair = next) };
}

/** Lasts as long as the storage: sessionStorage as long as the tab, localStorage until logout, shared by all tabs. */
export function webTokenStore(storage: WebStorage): TokenStore {
  const key = 'tandem.tokens';
  return {
    // Read anew each time, because another tab may have refreshed.
    get: () => (JSON.parse(storage.getItem(key) ?? 'null') as TokenPair | null) ?? undefined,
    set(pair) {
      if (!pair) return storage.removeItem(key);
      const { authToken, refreshToken } = pair;
      storage.setItem(key, JSON.stringify({ authToken, refreshToken }));
    },
  };
}

/** The part of the browser's Storage that is used. */
export interface WebStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}
