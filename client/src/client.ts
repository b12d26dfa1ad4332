import { systemClock, type Clock } from './clock.js';
import { emitter, type Emitter, type Reason } from './events.js';
import { exchange, revoke, type Exchange } from './exchange.js';
import { endpointOf, needsOf, withToken, type Operations } from './requests.js';
import { bodyOf, isResponse, rejectionOf, type Body } from './responses.js';
import type { Membership } from './tabs.js';
import { isSameSession, toStoredTokens, type StoredTokens, type TokenPair } from './token-pair.js';
import type { Change, TokenStore } from './token-store.js';

export type TokenTime = 'refreshAfter' | 'authTokenExpiresAt' | 'refreshTokenExpiresAt';

/** For how long a request is retried before its failure is returned. */
const PATIENCE_MS = 60_000;

export interface TandemOptions {
  /** The URL of the GraphQL endpoint. Requests to other URLs are sent as they are, without a token. */
  url: string;
  /** `indexedDbTokenStore()` in most browsers; the README has the others. */
  store: TokenStore;
  /** The map from code generation: which operations need a token, and which may be retried. */
  operations?: Operations;
  /** `REFRESH_GRACE_SECONDS` of the server. Default: 10. */
  graceSeconds?: number;
  fetch?: typeof fetch;
  clock?: Clock;
}

/** Who is signed in. The object stays the same until the tokens change. */
export interface TandemSession {
  readonly id: string;
  readonly accountId: string;
  /** In how many milliseconds this time comes for the current tokens, whatever the device's clock says. NaN: unknown. */
  msUntil(time: TokenTime): number;
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
  readonly ready: Promise<unknown>;
  /** Undefined: nobody is signed in. */
  session(): TandemSession | undefined;
  /** Looks at the store and the expiry again. Browsers cause this; call it when a mobile app comes to the foreground. */
  wake(): void;
  /** Removes all listeners. The client still sends requests, and listens again once `on` is called. */
  dispose(): void;
}

/** The attempts of something that is repeated until it succeeds. */
interface Retries {
  /** When the next one is due, by the monotonic clock. */
  at: number;
  failures: number;
  /** Whether the server chose that time. */
  isStrict?: boolean;
  /** The last response, or the error instead of one. */
  failure?: unknown;
}

export function createTandemClient(options: TandemOptions): TandemClient {
  const { url, store, operations, clock = systemClock, graceSeconds = 10 } = options;
  const network: typeof fetch = options.fetch ?? fetch;
  const events = emitter();
  const here: Exchange = { store, clock, graceMs: graceSeconds * 1000, send, pause };

  /** What this tab knows of the store, and when that pair was issued by the monotonic clock. */
  let current: StoredTokens | undefined;
  let issuedAt: number;
  let session: TandemSession | undefined;
  /** The account of this tab. Tokens of another one are not used, even after this one has logged out elsewhere. */
  let account: string | undefined;
  let flight: { of: string | undefined; ends: Promise<void> } | undefined;
  const refreshes: Retries = { at: 0, failures: 0 };
  const sleepers = new Set<() => void>();
  let others: Membership | undefined;
  let listening: AbortController | undefined;

  // ---- The tokens of this tab

  const own = (stored: StoredTokens | undefined) => (account && stored?.account.id !== account ? undefined : stored);

  /** Takes note of what the store holds. */
  async function read(reason?: Reason): Promise<StoredTokens | undefined> {
    const stored = await store.read();
    const before = current;
    current = own(stored);
    if (current?.authToken === before?.authToken && isSameSession(current, before)) return current;
    if (before && before.account.id !== current?.account.id) {
      events.emit('signedOut', { reason: stored ? 'OTHER_ACCOUNT' : (reason ?? 'SIGNED_OUT') });
    }
    session = undefined;
    if (current) {
      account = current.account.id;
      session = { id: current.session.id, accountId: account, msUntil };
      issuedAt = clock.now() - Math.max(0, clock.wall() - current.storedAtMs);
      events.emit(isSameSession(before, current) ? 'refreshed' : 'signedIn', session);
    }
    refreshes.at = refreshes.failures = 0;
    wakeSleepers();
    return current;
  }

  /** Looks at the store and the expiry, while nobody waits for the result. */
  async function look(reason?: Reason): Promise<void> {
    try {
      const tokens = await read(reason);
      if (tokens && hasPassed('refreshAfter')) refresh(tokens).catch(() => {});
    } catch {
      // The next request will tell.
    }
  }

  function msUntil(time: TokenTime): number {
    const msAt = (name: TokenTime | 'serverTime') => Date.parse(current?.[name] ?? '');
    return msAt(time) - msAt('serverTime') - (clock.now() - issuedAt);
  }

  const hasPassed = (time: TokenTime) => !current?.authToken || msUntil(time) <= 0;

  /** Looks at the store after a change, and tells the other tabs to do the same. They receive no token. */
  async function changed(reason?: Reason): Promise<void> {
    await read(reason);
    others?.announce(reason);
  }

  async function update(change: Change, reason?: Reason): Promise<StoredTokens | undefined> {
    const stored = await store.update(change);
    await changed(reason);
    return stored;
  }

  /** One refresh for all requests of this tab. Rejects with the response or error of the last attempt. */
  async function refresh(rejected: StoredTokens): Promise<void> {
    if (current?.authToken !== rejected.authToken) return;
    if (!flight || flight.of !== rejected.authToken) {
      const act = () => exchange(rejected, here);
      const exchanged = () => (store.tabs?.inTurn(clock, act) ?? act()).then(changed);
      const ends = retried(refreshes, () => true, exchanged).finally(() => (flight = undefined));
      flight = { of: rejected.authToken, ends };
    }
    await flight.ends;
  }

  // ---- Requests

  async function tandemFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    if (endpointOf(input) !== endpointOf(url)) return network(input, init);
    const { token, isRepeatable } = needsOf(input, init, operations);
    const retries: Retries = { at: 0, failures: 0 };
    /** A request of one account is not repeated for another one. */
    let sender: string | undefined;
    const answer = retried(
      retries,
      () => isRepeatable && !init?.signal?.aborted && sender === account,
      async () => {
        const used = token === false ? undefined : await read();
        sender ??= account;
        if (sender !== account) throw retries.failure;
        const response = await authorized(input, init, used, token);
        // A rejection, or the page of a proxy.
        if (!response.ok || response.headers.get('content-type')?.includes('html')) throw response;
        return response;
      },
    );
    return untilAborted(answer, init?.signal).catch((failure) => {
      // Several requests may return the response to one refresh.
      if (isResponse(failure)) return failure.clone();
      throw failure;
    });
  }

  /** Sends a request once, and again if its token was rejected and there is a newer one: that may have expired meanwhile. */
  async function authorized(
    input: RequestInfo | URL,
    init: RequestInit | undefined,
    used: StoredTokens | undefined,
    isNeeded?: boolean,
    repeats = 0,
  ): Promise<Response> {
    if (used && hasPassed('refreshAfter')) {
      const refreshing = refresh(used);
      // Whether an operation that the map does not know needs a token, the server decides.
      if (isNeeded && hasPassed('authTokenExpiresAt')) await refreshing;
      else refreshing.catch(() => {});
      used = current;
    }
    const response = await transmit(input, init, used?.authToken);
    if (!used || repeats > 2 || response.status !== 401) return response;

    const { recovery, reason } = await rejectionOf(response);
    const { authToken } = used;
    if (recovery === 'LOG_IN' && authToken) {
      // A response to an older token says nothing about the pair that has replaced it meanwhile.
      await update((stored) => (stored?.authToken === authToken ? undefined : stored), reason);
    } else if (recovery) {
      await refresh(used);
    }
    // Whoever has logged in meanwhile may be somebody else.
    const isNewer = current && current.authToken !== authToken && own(used);
    return isNewer ? authorized(input, init, await read(), true, repeats + 1) : response;
  }

  function transmit(input: RequestInfo | URL, init?: RequestInit, authToken?: string): Promise<Response> {
    return network(...withToken(input, init, authToken, store.usesCookies));
  }

  async function send<Data>(query: string, input: object, authToken?: string): Promise<Body<Data>> {
    const timeout = new AbortController();
    const { signal } = timeout;
    const cancel = clock.after(here.graceMs, () => timeout.abort());
    const body = JSON.stringify({ query, variables: { input } });
    const sending = transmit(
      url,
      // Another server must not receive a refresh token.
      { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal, redirect: 'error' },
      authToken,
    ).then(bodyOf<Data>);
    return untilAborted(sending, signal).finally(cancel);
  }

  /** Repeats an action until it succeeds, or the patience ends. Rejects with the last failure. */
  async function retried<T>(retries: Retries, mayRepeat: () => boolean, act: () => Promise<T>): Promise<T> {
    const giveUpAt = clock.now() + PATIENCE_MS;
    for (;;) {
      while (retries.at > clock.now()) {
        if (retries.at > giveUpAt) throw retries.failure;
        await pause(retries.at - clock.now());
        if (!retries.isStrict) break;
      }
      try {
        return await act();
      } catch (failure) {
        const { recovery, retryAfterSeconds } = await rejectionOf(failure);
        if (recovery === 'STEP_UP') events.emit('stepUpNeeded');
        const { ok, status = 503, headers } = Object(failure) as Partial<Response>;
        const helps = recovery ? recovery === 'RETRY' : ok || status > 428;
        if (!(helps && mayRepeat())) throw failure;
        const seconds = retryAfterSeconds ?? Number(headers?.get('retry-after') ?? NaN);
        retries.isStrict = seconds >= 0;
        retries.failure = failure;
        // The random part keeps clients apart that failed together.
        const delay = (retries.isStrict ? seconds : Math.min(2 ** retries.failures++, 32) / 4) + Math.random();
        retries.at = clock.now() + delay * 1000;
      }
    }
  }

  // ---- Waiting

  /** Resolves after this time, or earlier: if the tokens change, or the browser is online again. */
  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = clock.after(ms, resolve);
      sleepers.add(() => resolve(cancel()));
    });
  }

  function wakeSleepers(): void {
    for (const wakeUp of sleepers) wakeUp();
    sleepers.clear();
  }

  function wake(): void {
    if (globalThis.document?.hidden) return;
    if (!refreshes.isStrict) refreshes.at = 0;
    wakeSleepers();
    void look();
  }

  function listen(): void {
    if (listening) return;
    listening = new AbortController();
    // The third argument is an object with the signal that removes the listener.
    for (const name of ['visibilitychange', 'pageshow', 'online']) globalThis.addEventListener?.(name, wake, listening);
    others = store.tabs?.join(look);
  }

  store.onFailed?.((error) => events.emit('storeFailed', { error }));
  listen();
  return {
    fetch: tandemFetch,
    async signIn(pair) {
      account = pair.account.id;
      await update(() => toStoredTokens(pair, clock.wall()));
    },
    async replace(pair) {
      const next = toStoredTokens(pair, clock.wall());
      const stored = await update((before) => (isSameSession(before, next) ? next : before));
      // A user who has logged out meanwhile stays logged out.
      if (!isSameSession(stored, next)) await revoke(next, here);
    },
    async signOut({ everywhere } = {}) {
      let mine: StoredTokens | undefined;
      // Before the request, so that a refresh in flight finds the store empty and revokes what it receives.
      await update((stored) => ((mine = own(stored)) ? undefined : stored));
      if (!mine) return true;
      account = undefined;
      return revoke(mine, here, everywhere);
    },
    on(name, listener) {
      listen();
      return events.on(name, listener);
    },
    ready: look(),
    session: () => session,
    wake,
    dispose() {
      events.clear();
      listening?.abort();
      others?.leave();
      listening = others = undefined;
    },
  };
}

/** Rejects as soon as the signal is aborted. */
function untilAborted<T>(promise: Promise<T>, signal?: AbortSignal | null): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal?.reason);
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) abort();
    void promise.then(resolve, reject).finally(() => signal?.removeEventListener('abort', abort));
  });
}
