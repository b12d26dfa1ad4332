import type { Reason } from './events.js';
import type { Clock } from './clock.js';
import type { Body } from './responses.js';
import {
  isSamePair,
  isSameSession,
  PAIR_FIELDS,
  toStoredTokens,
  type StoredTokens,
  type TokenPair,
} from './token-pair.js';
import type { TokenStore } from './token-store.js';

const REFRESH = `mutation Refresh($input:RefreshTokenInput!){refreshToken(input:$input){${PAIR_FIELDS}}}`;
const LOGOUT = 'mutation Logout($input:LogoutInput){logout(input:$input){loggedOut}}';
const POLL_MS = 200;

export interface Exchange {
  store: TokenStore;
  clock: Clock;
  graceMs: number;
  /** Sends a document of the client's own. Rejects after a grace period without a response. */
  send<Data>(query: string, input: object, authToken?: string): Promise<Body<Data>>;
  /** Resolves after this time, or earlier if the tokens changed. */
  pause(ms: number): Promise<unknown>;
}

/**
 * Exchanges the refresh token once: duties 2, 3, 5 and 7 of docs/protocol.md. The store has the result: the next pair, that of
 * another tab, or nothing for the reason that is returned. If this throws, the store still holds token and key, so that the
 * next call retries the same exchange.
 */
export async function exchange(rejected: StoredTokens, here: Exchange): Promise<Reason> {
  const { store, clock, graceMs } = here;
  const isRejected = (stored: StoredTokens | undefined): stored is StoredTokens =>
    isSamePair(stored, rejected) && stored.authToken === rejected.authToken;

  const sent = await store.update((stored) =>
    store.sendsKeys && isRejected(stored) && !stored.key ? { ...stored, key: randomKey() } : stored,
  );
  // Another tab has refreshed or logged out meanwhile.
  if (!isRejected(sent)) return undefined;

  /** A late response must not overwrite what another tab has stored meanwhile. */
  const replaceSent = (next?: StoredTokens) => store.update((stored) => (isSamePair(stored, sent) ? next : stored));

  const input = { refreshToken: sent.refreshToken, idempotencyKey: sent.key };
  for (let isRetry = false; ; isRetry = true) {
    const { response, data, errors } = await here.send<{ refreshToken?: TokenPair }>(REFRESH, input);
    if (data?.refreshToken) {
      const pair = toStoredTokens(data.refreshToken, clock.wall());
      const tokens = await replaceSent(pair);
      // Whoever has logged out meanwhile, or logged in to another session, stays so.
      if (!isSameSession(tokens, pair)) await revoke(pair, here);
      return undefined;
    }
    const { recovery, reason } = errors?.[0]?.extensions ?? {};
    if (recovery !== 'LOG_IN' && recovery !== 'USE_NEWER_TOKENS') throw response;
    if (store.usesCookies) {
      // Another tab may have refreshed or logged in meanwhile. Then the browser sends a newer cookie now.
      if (!isRetry) continue;
    } else if (recovery === 'USE_NEWER_TOKENS') {
      // The newer pair may still be on its way to another tab.
      for (const startedAt = clock.now(); clock.now() - startedAt < graceMs; await here.pause(POLL_MS)) {
        if (!isSamePair(await store.read(), sent)) return undefined;
      }
      // No tab has it: somebody copied token and key, or the response to `changePassword` was lost.
      if (!(await replaceSent())) await revoke(sent, here);
    }
    await replaceSent();
    return reason;
  }
}

/** Whether the server confirmed that it revoked the session; with `everywhere`, all sessions of the account. */
export async function revoke(tokens: StoredTokens, { send }: Exchange, everywhere?: boolean): Promise<boolean> {
  try {
    const input = { refreshToken: tokens.refreshToken, everywhere };
    return Boolean((await send<{ logout?: object }>(LOGOUT, input, tokens.authToken)).data?.logout);
  } catch {
    return false;
  }
}

/** Undefined where there is no good randomness, such as in React Native without a polyfill: then no key is sent. */
function randomKey(): string | undefined {
  return globalThis.crypto?.getRandomValues(new Uint32Array(8)).join('-');
}
