/// <reference lib="dom" />
import type { StoredTokens, TokenStore } from './token-store.js';

const TOKENS = 'tokens';

/** For browsers. Keeps the tokens until logout, for all tabs of the origin: each update is one transaction. */
export function indexedDbTokenStore(databaseName = 'tandem'): TokenStore {
  let opening: Promise<IDBDatabase> | undefined;
  const database = () => (opening ??= open(databaseName, () => (opening = undefined)));

  return {
    async read() {
      const request = (await database()).transaction(TOKENS).objectStore(TOKENS).get(TOKENS);
      return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result as StoredTokens | undefined);
        request.onerror = () => reject(request.error);
      });
    },
    async update(change) {
      // Strict: a pair that is in use must survive a power failure, because the server rejects the previous one.
      const transaction = (await database()).transaction(TOKENS, 'readwrite', { durability: 'strict' });
      const tokens = transaction.objectStore(TOKENS);
      return new Promise((resolve, reject) => {
        let next: StoredTokens | undefined;
        const request = tokens.get(TOKENS);
        request.onsuccess = () => {
          next = change(request.result as StoredTokens | undefined);
          if (next === request.result) return;
          if (next) tokens.put(next, TOKENS);
          else tokens.delete(TOKENS);
        };
        transaction.oncomplete = () => resolve(next);
        transaction.onabort = () => reject(transaction.error);
      });
    },
  };
}

/** A browser may close a connection, for example when the user clears the site's data; the next call opens another. */
function open(databaseName: string, onClosed: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName, 1);
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
