import type { Tabs } from './tabs.js';
import type { StoredTokens } from './token-pair.js';

export type Change = (stored: StoredTokens | undefined) => StoredTokens | undefined;

/** Where the tokens are. A request whose store fails is rejected with that error: see `withFallback`. */
export interface TokenStore {
  read(): Promise<StoredTokens | undefined>;
  /** Stores what `change` makes of the stored value, and returns it. `change` may run again if the store retries. */
  update(change: Change): Promise<StoredTokens | undefined>;
  /**
   * Whether `update` is one atomic step for all tabs that share the store. Otherwise the client sends no idempotency key, and
   * neither if the refresh token is in a cookie.
   */
  readonly sendsKeys: boolean;
  /** Whether the server keeps the refresh token in a cookie. */
  readonly usesCookies?: boolean;
  /** Calls back if the store was replaced by memory. */
  onFailed?(listener: (error: unknown) => void): void;
  /** Undefined: no other tab shares the store. */
  readonly tabs?: Tabs | undefined;
}

/** Keeps the tokens until the page is left or reloaded, or the process ends. */
export function memoryTokenStore(stored?: StoredTokens): TokenStore {
  return { sendsKeys: true, read: async () => stored, update: async (change) => (stored = change(stored)) };
}
