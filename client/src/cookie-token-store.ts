import { indexedDbTokenStore } from './indexed-db-token-store.js';
import { memoryForAuthToken } from './memory-for-auth-token.js';
import type { TokenStore } from './token-store.js';

/**
 * For servers with `REFRESH_TOKEN_TRANSPORT=cookie`. Each tab keeps its auth token in memory. The shared store holds no token;
 * it tells all tabs which session the cookie belongs to, and that somebody has logged out, even offline.
 */
export function cookieTokenStore(shared: TokenStore = indexedDbTokenStore('tandem-client-cookie')): TokenStore {
  return { ...memoryForAuthToken(shared), usesCookies: true, sendsKeys: false };
}
