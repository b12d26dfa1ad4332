import { memoryForAuthToken } from './memory-for-auth-token.js';
import { parsed } from './web-storage-token-stores.js';
import type { TokenStore } from './token-store.js';
import { withFallback } from './with-fallback.js';

/** The part of Expo's SecureStore that is needed. */
export interface SecureStorage {
  getItemAsync(name: string): Promise<string | null>;
  setItemAsync(name: string, value: string): Promise<void>;
  deleteItemAsync(name: string): Promise<void>;
}

/**
 * For mobile apps: `secureTokenStore(SecureStore)`. Stores less than 2,048 bytes, the limit of Expo's SecureStore. The auth
 * token stays in memory. An app is one process, so a queue makes each update atomic.
 */
export function secureTokenStore(storage: SecureStorage, name = 'tandem-client'): TokenStore {
  let queue: Promise<unknown> = Promise.resolve();

  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const result = queue.then(act);
    queue = result.catch(() => undefined);
    return result;
  }

  return withFallback(
    memoryForAuthToken({
      sendsKeys: true,
      read: () => inTurn(async () => parsed(await storage.getItemAsync(name))),
      update: (change) =>
        inTurn(async () => {
          const stored = parsed(await storage.getItemAsync(name));
          const next = change(stored);
          if (!next) await storage.deleteItemAsync(name);
          else if (next !== stored) await storage.setItemAsync(name, JSON.stringify(next));
          return next;
        }),
    }),
  );
}
