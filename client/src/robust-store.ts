import { memoryTokenStore, type StoredTokens, type TokenStore } from './token-store.js';

/**
 * The same store, except that damaged values count as none, and that memory replaces a store that fails. What this tab has
 * seen last continues there, without idempotency keys, because other tabs may still use the store.
 */
export function robustStore(store: TokenStore, onFailed: (error: unknown) => void): TokenStore {
  let last: StoredTokens | undefined;

  async function attempt(
    act: (store: TokenStore) => Promise<StoredTokens | undefined>,
  ): Promise<StoredTokens | undefined> {
    const used = store;
    try {
      last = intact(await act(used));
    } catch (error) {
      if (store === used) {
        store = memoryTokenStore(last, false);
        onFailed(error);
      }
      last = await act(store);
    }
    return last;
  }

  return {
    get isAtomic() {
      return store.isAtomic;
    },
    get sharedAs() {
      return store.sharedAs;
    },
    read: () => attempt((current) => current.read()),
    update: (change) => attempt((current) => current.update((stored) => change(intact(stored)))),
  };
}

function intact(value: StoredTokens | undefined): StoredTokens | undefined {
  const isText = (text: unknown) => typeof text === 'string';
  return value && isText(value.refreshToken) && isText(value.sessionId) && isText(value.accountId) ? value : undefined;
}
