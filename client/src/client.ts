import { systemClock, type Clock } from './clock.js';
import { emitter, type Emitter, type SignedOutReason } from './events.js';
import { exchange, revoke, type Exchange, type Outcome } from './exchange.js';
import { indexedDbTokenStore } from './indexed-db-token-store.js';
import { withLock } from './lock.js';
import { endpointOf, isRepeatable, needsToken, withToken, type Operations } from './operations.js';
import { bodyOf, rejectionOf, retryDelay, type Failure, type Reply } from './responses.js';
import { memoryForAuthToken } from './memory-for-auth-token.js';
import { robustStore } from './robust-store.js';
import { toStoredTokens, type TokenPair } from './token-pair.js';
import { memoryTokenStore, type StoredTokens, type TokenStore } from './token-store.js';

export interface TandemOptions {
  /** The URL of the GraphQL endpoint. Requests to other URLs are sent as they are, without a token. */
  url: string;
  /** Default: `indexedDbTokenStore()` in browsers, `memoryTokenStore()` elsewhere. */
  store?: TokenStore;
  /** The map from code generation: which operations need a token, and which may be retried. */
  operations?: Operations;
  /** As `REFRESH_TOKEN_TRANSPORT` of the server. Default: `body`. */
  refreshTokenTransport?: 'body' | 'cookie';
  /** `REFRESH_GRACE_SECONDS` of the server. Default: 10. */
  graceSeconds?: number;
  /** For how long a request is retried before its failure is returned. Default: 60. */
  patienceSeconds?: number;
  fetch?: typeof fetch;
  clock?: Clock;
}

/** The session of this client. The object stays the same until the tokens change; the times are from now. */
export interface TandemSession {
  readonly id: string;
  readonly accountId: string;
  /** Undefined if the client does not know. */
  readonly refreshInMs: number | undefined;
  readonly authTokenExpiresInMs: number | undefined;
  /** When the session expires if it is not refreshed before. */
  readonly sessionExpiresInMs: number | undefined;
}

export interface TandemClient {
  /** Sends a request with the auth token. Refreshes the token and retries the request if necessary. */
  readonly fetch: typeof fetch;
  /** Stores the pair of a login. */
  signIn(pair: TokenPair): Promise<void>;
  /** Stores the pair of `changePassword` or `reauthenticate`, which voids the tokens before it. */
  replace(pair: TokenPair): Promise<void>;
  /** Discards the tokens, then logs out at the server. False: the server has not confirmed it, for example offline. */
  signOut(options?: { everywhere?: boolean }): Promise<boolean>;
  readonly on: Emitter['on'];
  /** Resolves when the store was read. */
  readonly ready: Promise<void>;
  /** Undefined: nobody is signed in. */
  session(): TandemSession | undefined;
  /** Looks at the store and the expiry again. Browsers cause this; call it when a mobile app comes to the foreground. */
  wake(): void;
  /** Removes all listeners. The client still sends requests, and listens again once `on` is called. */
  dispose(): void;
}

export function createTandemClient(options: TandemOptions): TandemClient {
  const { url, operations, clock = systemClock, graceSeconds = 10, patienceSeconds = 60 } = options;
  const graceMs = graceSeconds * 1000;
  const isCookieMode = options.refreshTokenTransport === 'cookie';
  const network: typeof fetch = (input, init) => (options.fetch ?? globalThis.fetch)(input, init);
  const events = emitter();
  const given = options.store ?? (globalThis.indexedDB ? indexedDbTokenStore() : memoryTokenStore());
  const store = robustStore(isCookieMode ? memoryForAuthToken(given) : given, (error) =>
    events.emit('storeFailed', { error }),
  );
  const endpoint = endpointOf(url);

  /** What this tab knows of the store. */
  let current: StoredTokens | undefined;
  let session: TandemSession | undefined;
  /** When the pair of `current` was issued, by the monotonic clock. */
  let issuedAt = 0;
  /** The account of this tab. Tokens of another one are not used, even after this one has logged out elsewhere. */
  let account: string | undefined;
  let flight: { sessionId: string; outcome: Promise<Outcome> } | undefined;
  /** After a failed refresh, no other is sent before this time. */
  let failures = 0;
  let notBefore = 0;
  let isStrict = false;
  let lastFailure: Failure = {};

  const sleepers = new Set<() => void>();
  const here: Exchange = { store, clock, graceMs, isCookieMode, send, pause };

  // ---- The tokens of this tab

  async function read(reason?: SignedOutReason): Promise<StoredTokens | undefined> {
    return see(await store.read(), reason);
  }

  /** Takes note of what the store holds. */
  function see(stored: StoredTokens | undefined, reason: SignedOutReason = 'SIGNED_OUT_ELSEWHERE') {
    const before = current;
    current = stored && (account ?? stored.accountId) === stored.accountId ? stored : undefined;
    if (current?.authToken === before?.authToken && current?.sessionId === before?.sessionId) return current;
    session = current && sessionOf(current);
    if (before && before.accountId !== current?.accountId) {
      events.emit('signedOut', { reason: stored ? 'OTHER_ACCOUNT' : reason });
    }
    if (current) {
      const { sessionId, accountId, storedAtMs = NaN } = current;
      account = accountId;
      issuedAt = clock.now() - (Math.max(0, clock.wall() - storedAtMs) || 0);
      events.emit(before?.sessionId === sessionId ? 'refreshed' : 'signedIn', { sessionId, accountId });
    }
    for (const wakeUp of sleepers) wakeUp();
    return current;
  }

  function sessionOf(tokens: StoredTokens): TandemSession {
    const from = (ms: number | undefined) => ms && ms - (clock.now() - issuedAt);
    return {
      id: tokens.sessionId,
      accountId: tokens.accountId,
      get refreshInMs() {
        return from(tokens.refreshInMs);
      },
      get authTokenExpiresInMs() {
        return from(tokens.authTokenExpiresInMs);
      },
      get sessionExpiresInMs() {
        return from(tokens.sessionExpiresInMs);
      },
    };
  }

  const hasPassed = (inMs: number | undefined) => inMs !== undefined && inMs <= 0;
  const isExpired = () => !current?.authToken || hasPassed(session?.authTokenExpiresInMs);

  /** Stores something, tells the other tabs, and forgets the refresh in flight, which is about other tokens. */
  async function change(
    next: (stored: StoredTokens | undefined) => StoredTokens | undefined,
    reason?: SignedOutReason,
  ) {
    const stored = await store.update(next);
    flight = undefined;
    notBefore = failures = 0;
    see(stored, reason);
    announce(reason);
    return stored;
  }

  // ---- Refreshing

  /** One refresh for all requests of this tab. Rejects never. */
  async function refresh(rejected: StoredTokens): Promise<Outcome> {
    const tokens = await read();
    if (!tokens || tokens.authToken !== rejected.authToken) return { tokens };
    if (flight?.sessionId !== tokens.sessionId) {
      const outcome = retriedExchange(tokens).finally(() => {
        if (flight?.outcome === outcome) flight = undefined;
      });
      flight = { sessionId: tokens.sessionId, outcome };
    }
    return flight.outcome;
  }

  async function retriedExchange(rejected: StoredTokens): Promise<Outcome> {
    const giveUpAt = clock.now() + patienceSeconds * 1000;
    for (;;) {
      while (clock.now() < notBefore) {
        if (notBefore > giveUpAt) return { failure: lastFailure };
        await pause(notBefore - clock.now());
        if (current?.authToken !== rejected.authToken) return { tokens: current };
      }
      const outcome = await withLock(store.sharedAs, clock, () => exchange(rejected, here)).catch(
        (error: unknown): Outcome => ({ failure: { error } }),
      );
      if (!outcome.failure) {
        notBefore = failures = 0;
        const tokens = see(outcome.tokens, outcome.reason);
        announce(outcome.reason);
        return { tokens };
      }
      const delay = await retryDelay(outcome.failure, failures++);
      if (!delay) return outcome;
      lastFailure = outcome.failure;
      isStrict = delay.isStrict;
      notBefore = clock.now() + delay.ms;
    }
  }

  // ---- Requests

  async function tandemFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    if (endpointOf(input) !== endpoint) return network(input, init);
    const signal = init?.signal ?? undefined;
    const giveUpAt = clock.now() + patienceSeconds * 1000;
    for (let failed = 0; ; failed++) {
      const failure: Failure = {};
      try {
        const response = await abortable(authorized(input, init), signal);
        if (response.ok && !response.headers.get('content-type')?.includes('html')) return response;
        if ((await rejectionOf(response)).recovery === 'STEP_UP') events.emit('stepUpNeeded', undefined);
        failure.response = response;
      } catch (error) {
        failure.error = error;
      }
      const delay = !signal?.aborted && isRepeatable(input, init, operations) && (await retryDelay(failure, failed));
      const at = clock.now() + (delay ? delay.ms : 0);
      if (!delay || at > giveUpAt) {
        if (failure.response) return failure.response;
        throw failure.error;
      }
      do await abortable(pause(at - clock.now()), signal);
      while (delay.isStrict && clock.now() < at);
    }
  }

  /** Sends a request once, or twice if its token was rejected. */
  async function authorized(input: RequestInfo | URL, init: RequestInit | undefined): Promise<Response> {
    const isNeeded = needsToken(input, init, operations);
    if (isNeeded === false) return transmit(input, init);
    let used = await read();
    if (used && isExpired() && isNeeded) {
      const outcome = await refresh(used);
      if (outcome.failure) return failed(outcome.failure);
      used = current;
    } else if (used && (isExpired() || hasPassed(session?.refreshInMs))) {
      void refresh(used);
    }
    const response = await transmit(input, init, used?.authToken);
    if (response.status !== 401 || !used) return response;

    const { recovery, reason } = await rejectionOf(response);
    if (recovery === 'LOG_IN' && used.authToken) {
      // A response to an older token says nothing about the pair that has replaced it meanwhile.
      see(
        await store.update((stored) => (stored?.authToken === used.authToken ? undefined : stored)),
        reason ?? undefined,
      );
      announce(reason ?? undefined);
    } else if (recovery === 'REFRESH' || recovery === 'LOG_IN') {
      const outcome = await refresh(used);
      if (outcome.failure) return failed(outcome.failure);
    }
    // Whoever has logged in meanwhile may be somebody else.
    const isNewer = current?.authToken !== used.authToken && current?.accountId === used.accountId;
    return isNewer ? transmit(input, init, current?.authToken) : response;
  }

  function transmit(input: RequestInfo | URL, init: RequestInit | undefined, authToken?: string): Promise<Response> {
    return network(...withToken(input, init, authToken, isCookieMode));
  }

  function send<Data>(operationName: string, query: string, variables: object, token?: string): Promise<Reply<Data>> {
    const timeout = new AbortController();
    const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
    const body = JSON.stringify({ operationName, query, variables: { input: variables } });
    return new Promise((resolve, reject) => {
      const cancel = clock.after(graceMs, () => {
        reject(new Error(`${operationName}: no response in time`));
        timeout.abort();
      });
      transmit(url, { method: 'POST', headers, body, signal: timeout.signal }, token)
        .then(async (response) => resolve({ response, ...(await bodyOf<Data>(response)) }))
        .catch(reject)
        .finally(cancel);
    });
  }

  // ---- Waking up

  /** Resolves after this time, or earlier: if the tokens change, or the browser is online again. */
  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        cancel();
        sleepers.delete(end);
        resolve();
      };
      const cancel = clock.after(ms, end);
      sleepers.add(end);
    });
  }

  function wake(): void {
    void read().then((tokens) => {
      if (tokens && (isExpired() || hasPassed(session?.refreshInMs))) void refresh(tokens);
    });
  }

  function wakeIfVisible(): void {
    if (document.visibilityState === 'visible') wake();
  }

  function onOnline(): void {
    if (!isStrict) notBefore = failures = 0;
    for (const wakeUp of sleepers) wakeUp();
    wake();
  }

  // ---- Other tabs

  let isListening = false;
  let channel: BroadcastChannel | undefined;

  /** Tells the other tabs to read the store. Carries no token. */
  function announce(reason?: SignedOutReason): void {
    channel?.postMessage(reason);
  }

  function listen(): void {
    if (isListening) return;
    isListening = true;
    globalThis.document?.addEventListener('visibilitychange', wakeIfVisible);
    globalThis.addEventListener?.('pageshow', wake);
    globalThis.addEventListener?.('online', onOnline);
    if (!store.sharedAs || !globalThis.BroadcastChannel) return;
    channel = new BroadcastChannel(store.sharedAs);
    channel.onmessage = ({ data }) => void read(data);
    // In Node, an open channel would keep the process alive.
    (channel as { unref?(): void }).unref?.();
  }

  listen();
  return {
    fetch: tandemFetch,
    async signIn(pair) {
      account = pair.account.id;
      await change(() => toStoredTokens(pair, clock));
    },
    async replace(pair) {
      const next = toStoredTokens(pair, clock);
      const stored = await change((before) => (before?.sessionId === next.sessionId ? next : before));
      // A user who has logged out meanwhile stays logged out.
      if (stored?.sessionId !== next.sessionId) await revoke(next, here);
    },
    async signOut({ everywhere } = {}) {
      let last: StoredTokens | undefined;
      const mine = account;
      // Before the request, so that a refresh in flight finds the store empty and revokes what it receives.
      await change((stored) => {
        if (stored && mine !== undefined && stored.accountId !== mine) return stored;
        last = stored;
        return undefined;
      }, 'SIGNED_OUT');
      account = undefined;
      return last ? revoke(last, here, everywhere) : true;
    },
    on(name, listener) {
      listen();
      return events.on(name, listener);
    },
    ready: read().then(() => undefined),
    session: () => session,
    wake,
    dispose() {
      events.clear();
      isListening = false;
      globalThis.document?.removeEventListener('visibilitychange', wakeIfVisible);
      globalThis.removeEventListener?.('pageshow', wake);
      globalThis.removeEventListener?.('online', onOnline);
      channel?.close();
      channel = undefined;
    },
  };
}

/** The response is copied, because several requests may return it. */
function failed({ response, error }: Failure): Response {
  if (response) return response.clone();
  throw error;
}

/** Rejects as soon as the signal is aborted. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  let onAbort = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
  });
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', onAbort));
}
