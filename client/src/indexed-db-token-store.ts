import { tabsOf } from './tabs.js';
import type { StoredTokens } from './token-pair.js';
import type { TokenStore } from './token-store.js';
import { withFallback } from './with-fallback.js';

const TOKENS = 'tokens';

/** Keeps the tokens until logout, for all tabs of the origin: each update is one transaction. */
export function indexedDbTokenStore(name = 'tandem-client'): TokenStore {
  let opening: Promise<IDBDatabase> | undefined;

  /** `act` requests something of the store in one transaction, and calls back with the result. */
  async function transact<T>(
    mode: IDBTransactionMode,
    act: (tokens: IDBObjectStore, done: (result: T) => void) => void,
    isRetry = false,
  ): Promise<T> {
    const database = await (opening ??= open(name, () => (opening = undefined)));
    try {
      // Strict: a pair that is in use must survive a power failure, because the server rejects the previous one.
      const transaction = database.transaction(TOKENS, mode, { durability: 'strict' });
      return await new Promise<T>((resolve, reject) => {
        let result: T;
        transaction.oncomplete = () => resolve(result);
        transaction.onabort = () => reject(transaction.error);
        act(transaction.objectStore(TOKENS), (value) => (result = value));
      });
    } catch (error) {
      // Browsers close connections, for example in the background or when the user clears the site's data.
      if (isRetry) throw error;
      opening = undefined;
      database.close();
      return transact(mode, act, true);
    }
  }

  return withFallback({
    sendsKeys: true,
    tabs: tabsOf(name),
    read: () =>
      transact<StoredTokens | undefined>('readonly', (tokens, done) => {
        const request = tokens.get(TOKENS);
        request.onsuccess = () => done(request.result);
        // Otherwise a page that is frozen now lets all other tabs wait.
        tokens.transaction.commit();
      }),
    update: (change) =>
      transact<StoredTokens | undefined>('readwrite', (tokens, done) => {
        const request = tokens.get(TOKENS);
        request.onsuccess = () => {
          const next = change(request.result);
          if (next !== request.result) {
            if (next) tokens.put(next, TOKENS);
            else tokens.delete(TOKENS);
          }
          tokens.transaction.commit();
          done(next);
        };
      }),
  });
}

function open(name: string, onClosed: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TOKENS);
    request.onsuccess = () => {
      request.result.onclose = onClosed;
      resolve(request.result);
    };
    request.onerror = () => {
      onClosed();
      reject(request.error);
    };
  });
}
