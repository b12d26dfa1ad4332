import type { Clock } from './clock.js';
import type { SignedOutReason } from './events.js';
import type { Failure, Reply } from './responses.js';
import { isSamePair, PAIR_FIELDS, toStoredTokens, type TokenPair } from './token-pair.js';
import type { StoredTokens, TokenStore } from './token-store.js';

const REFRESH = `mutation Refresh($input: RefreshTokenInput!) { refreshToken(input: $input) { ${PAIR_FIELDS} } }`;
const LOGOUT = 'mutation Logout($input: LogoutInput) { logout(input: $input) { loggedOut } }';
const POLL_MS = 200;

export interface Exchange {
  store: TokenStore;
  clock: Clock;
  graceMs: number;
  isCookieMode: boolean;
  /** Sends a document of the client's own. Rejects after a grace period without a response. */
  send<Data>(operationName: string, query: string, input: object, authToken?: string): Promise<Reply<Data>>;
  /** Resolves after this time, or earlier if the tokens changed. */
  pause(ms: number): Promise<void>;
}

/** What the store holds after an exchange, with the server's reason if it rejected the token; or why it is not decided. */
export type Outcome =
  { tokens: StoredTokens | undefined; reason?: SignedOutReason; failure?: undefined } | { failure: Failure };

/**
 * Exchanges the refresh token once: duties 2, 3, 5 and 7 of docs/protocol.md. Rejects if there is no response. After a
 * failure the store still holds token and key, so that the next call retries the same exchange.
 */
export async function exchange(rejected: StoredTokens, here: Exchange): Promise<Outcome> {
  const { store, clock, graceMs, isCookieMode } = here;
  const isRejected = (stored: StoredTokens | undefined): stored is StoredTokens =>
    isSamePair(stored, rejected) && stored.authToken === rejected.authToken;

  const sent = await store.update((stored) => {
    const key = isRejected(stored) && !stored.key && !isCookieMode && store.isAtomic && randomKey();
    return stored && key ? { ...stored, key } : stored;
  });
  // Another tab has refreshed or logged out meanwhile.
  if (!isRejected(sent)) return { tokens: sent };

  /** A late response must not overwrite what another tab has stored meanwhile. */
  const replaceSent = (next?: StoredTokens) => store.update((stored) => (isSamePair(stored, sent) ? next : stored));

  const input = isCookieMode ? {} : { refreshToken: sent.refreshToken, idempotencyKey: sent.key };
  for (let isRetry = false; ; isRetry = true) {
    const { response, data, errors } = await here.send<{ refreshToken?: TokenPair }>('Refresh', REFRESH, input);
    if (data?.refreshToken) {
      const pair = toStoredTokens(data.refreshToken, clock);
      const tokens = await replaceSent(pair);
      // Whoever has logged out meanwhile, or logged in to another session, stays so.
      if (tokens?.sessionId !== pair.sessionId) await revoke(pair, here);
      return { tokens };
    }
    const { code, recovery, reason } = errors?.[0]?.extensions ?? {};
    if (code !== 'INVALID_REFRESH_TOKEN') return { failure: { response } };
    // Another tab may have refreshed or logged in meanwhile. Then the browser sends a newer cookie now.
    if (isCookieMode && !isRetry) continue;

    const isSuperseded = recovery === 'USE_NEWER_TOKENS' && !isCookieMode;
    // The newer pair may still be on its way to another tab.
    for (const startedAt = clock.now(); isSuperseded && clock.now() - startedAt < graceMs; await here.pause(POLL_MS)) {
      const tokens = await store.read();
      if (!isSamePair(tokens, sent)) return { tokens };
    }
    // No tab has it: somebody copied token and key, or the response to `changePassword` was lost.
    const tokens = await replaceSent();
    if (isSuperseded && !tokens) await revoke(sent, here);
    return { tokens, reason: reason ?? undefined };
  }
}

/** Whether the server confirmed that it revoked the session; with `everywhere`, all sessions of the account. */
export async function revoke(tokens: StoredTokens, { send }: Exchange, everywhere?: boolean): Promise<boolean> {
  try {
    const input = { refreshToken: tokens.refreshToken || undefined, everywhere };
    const { data } = await send<{ logout?: object }>('Logout', LOGOUT, input, tokens.authToken);
    return Boolean(data?.logout);
  } catch {
    return false;
  }
}

/** Undefined where there is no good randomness, such as in React Native without a polyfill: then no key is sent. */
function randomKey(): string | undefined {
  const bytes = globalThis.crypto?.getRandomValues(new Uint8Array(16));
  return bytes && Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
