import type { StoredTokens } from './token-pair.js';
import { memoryTokenStore, type TokenStore } from './token-store.js';

/**
 * The same store, except that damaged values count as none, and that memory replaces a store that fails. What this tab has
 * seen last continues there, without idempotency keys, because other tabs may still use the store.
 */
export function withFallback(given: TokenStore): TokenStore {
  const listeners = new Set<(error: unknown) => void>();
  let store = given;
  let last: StoredTokens | undefined;

  async function attempt(act: (store: TokenStore) => Promise<StoredTokens | undefined>) {
    const used = store;
    try {
      last = intact(await act(used));
    } catch (error) {
      if (store === used) {
        store = memoryTokenStore(last);
        Object.assign(robust, { sendsKeys: false, tabs: undefined });
        for (const listener of listeners) listener(error);
      }
      last = await act(store);
    }
    return last;
  }

  const robust: TokenStore = {
    ...given,
    read: () => attempt((current) => current.read()),
    update: (change) => attempt((current) => current.update((stored) => change(intact(stored)))),
    onFailed: (listener) => void listeners.add(listener),
  };
  return robust;
}

/** Undefined if a client could not use it. The server rejects a value of the right form that is not valid. */
function intact(value: StoredTokens | undefined): StoredTokens | undefined {
  const { refreshToken, session, account, authToken = '', key = '-'.repeat(16) } = value ?? {};
  const areTexts = [refreshToken, session?.id, account?.id, authToken, key].every((one) => typeof one === 'string');
  return areTexts && /^[\w.-]*$/.test(authToken) && /^[!-~]{16,128}$/.test(key) ? value : undefined;
}
