import { parsed } from './web-storage-token-stores.js';
import type { TokenStore } from './token-store.js';
import { withFallback } from './with-fallback.js';

/**
 * For a server that renders pages: the tokens of one request, in an HttpOnly cookie of that server. `save` sets the cookie of
 * the response, and deletes it if the value is undefined. Without `save`, or if it throws, the tokens stay as they are:
 * nothing is refreshed, or the next pair is not used. A pair that is used but not stored would log the user out.
 */
export function requestTokenStore(cookie: string | undefined, save?: (cookie: string | undefined) => void): TokenStore {
  let stored = parsed(cookie ?? null);
  return withFallback({
    // The requests of one page run at the same time, each with the same cookie.
    sendsKeys: false,
    // Without a hint to refresh early, because that refresh could end after the response has begun.
    read: async () => stored && { ...stored, refreshAfter: '' },
    async update(change) {
      // The client finds no tokens to exchange.
      if (!save) return undefined;
      const next = change(stored);
      if (next === stored) return stored;
      try {
        save(next && JSON.stringify(next));
        stored = next;
      } catch {
        // The response has begun.
      }
      return stored;
    },
  });
}
