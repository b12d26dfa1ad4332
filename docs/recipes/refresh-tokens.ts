import type { StoredTokens, TokenPair, TokenStore } from './token-store.js';

const POLL_MS = 200;

export interface RefreshOptions {
  /** The auth token that the server rejected. */
  rejected: string;
  /** Sends `refreshToken`. Throws if the response is neither a pair nor INVALID_REFRESH_TOKEN. */
  exchange(sent: StoredTokens): Promise<TokenPair | { reason: string }>;
  /** Sends `logout` with these tokens. */
  revoke(tokens: TokenPair): Promise<void>;
  /** How long a newer pair may take to reach the store: `REFRESH_GRACE_SECONDS` of the server. */
  graceMs: number;
  sleep(ms: number): Promise<void>;
}

export interface Refreshed {
  /** What the store holds now. Undefined if the user is logged out. */
  tokens: StoredTokens | undefined;
  /** Why the server rejected the refresh token. */
  reason?: string;
}

/** If this throws, the store still holds token and key: the next call retries the same exchange. */
export async function refreshTokens(store: TokenStore, options: RefreshOptions): Promise<Refreshed> {
  const { rejected, exchange, revoke, graceMs, sleep } = options;
  const sent = await store.update((stored) =>
    stored?.authToken === rejected ? { idempotencyKey: crypto.randomUUID(), ...stored } : stored,
  );
  // Another tab has refreshed or logged out meanwhile.
  if (sent?.authToken !== rejected) return { tokens: sent };

  /** A late response must not overwrite what another tab has stored meanwhile. */
  const replaceSent = (next: TokenPair | undefined) =>
    store.update((stored) => (stored?.refreshToken === sent.refreshToken ? next : stored));

  const result = await exchange(sent);
  if ('authToken' in result) {
    const tokens = await replaceSent(result);
    // The user has logged out meanwhile, and stays logged out.
    if (!tokens) await revoke(result);
    return { tokens };
  }
  const { reason } = result;
  if (reason !== 'REFRESH_TOKEN_SUPERSEDED') return { tokens: await replaceSent(undefined), reason };

  // The newer pair may still be on its way to another tab.
  for (let waitedMs = 0; waitedMs < graceMs; waitedMs += POLL_MS) {
    const tokens = await store.read();
    if (tokens?.refreshToken !== sent.refreshToken) return { tokens };
    await sleep(POLL_MS);
  }
  // No tab has it: somebody copied token and key, or the response to `changePassword` was lost.
  const tokens = await replaceSent(undefined);
  if (!tokens) await revoke(sent);
  return { tokens, reason };
}
