import { isSamePair, type StoredTokens } from './token-pair.js';
import type { TokenStore } from './token-store.js';

/** The same store, except that the auth token stays in the memory of this tab or app. */
export function memoryForAuthToken(store: TokenStore): TokenStore {
  let memory: StoredTokens | undefined;

  const whole = (stored: StoredTokens | undefined): StoredTokens | undefined =>
    stored && isSamePair(memory, stored) ? { ...memory, key: stored.key } : stored;

  return {
    ...store,
    read: async () => whole(await store.read()),
    async update(change) {
      let next: StoredTokens | undefined;
      await store.update((stored) => {
        const before = whole(stored);
        next = change(before);
        if (next === before || !next) return next && stored;
        const { authToken: _, ...rest } = next;
        return rest;
      });
      return (memory = next);
    },
  };
}
