import { systemClock, type Clock } from './clock.js';
import { emitter, type Emitter, type Reason } from './events.js';
import { exchange, revoke, type Exchange } from './exchange.js';
import { endpointOf, needsOf, withToken, type Operations } from './requests.js';
import { bodyOf, isAnswer, isResponse, rejectionOf, type Body } from './responses.js';
import { robustStore } from './robust-store.js';
import type { Membership } from './tabs.js';
import { toStoredTokens, type StoredTokens, type TokenPair } from './token-pair.js';
import type { Change, TokenStore } from './token-store.js';

export type TokenTime = 'refreshAfter' | 'authTokenExpiresAt' | 'refreshTokenExpiresAt';

export interface TandemOptions {
  /** The URL of the GraphQL endpoint. Requests to other URLs are sent as they are, without a token. */
  url: string;
  /** `indexedDbTokenStore()` in most browsers; the README has the others. */
  store: TokenStore;
  /** The map from code generation: which operations need a token, and which may be retried. */
  operations?: Operations;
  /** `REFRESH_GRACE_SECONDS` of the server. Default: 10. */
  graceSeconds?: number;
  /** For how long a request is retried before its failure is returned. Default: 60. */
  patienceSeconds?: number;
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
  const { url, operations, clock = systemClock, graceSeconds = 10, patienceSeconds = 60 } = options;
  const network: typeof fetch = options.fetch ?? ((...request) => globalThis.fetch(...request));
  const events = emitter();
  const store = robustStore(options.store, (error) => events.emit('storeFailed', { error }));
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

  const own = (stored: StoredTokens | undefined) =>
    stored && (account ?? stored.account.id) === stored.account.id ? stored : undefined;

  /** Takes note of what the store holds. */
  async function read(reason?: Reason): Promise<StoredTokens | undefined> {
    const stored = await store.read();
    const before = current;
    current = own(stored);
    if (current?.authToken === before?.authToken && current?.session.id === before?.session.id) return current;
    if (before && before.account.id !== current?.account.id) {
      events.emit('signedOut', { reason: stored ? 'OTHER_ACCOUNT' : (reason ?? 'SIGNED_OUT') });
    }
    session = undefined;
    if (current) {
      account = current.account.id;
      session = { id: current.session.id, accountId: account, msUntil };
      issuedAt = clock.now() - Math.max(0, clock.wall() - current.storedAtMs);
      events.emit(before?.session.id === session.id ? 'refreshed' : 'signedIn', session);
    }
    refreshes.at = refreshes.failures = 0;
    wakeSleepers();
    return current;
  }

  function msUntil(time: TokenTime): number {
    const msAt = (name: TokenTime | 'serverTime') => Date.parse(current?.[name] ?? '');
    return msAt(time) - msAt('serverTime') - (clock.now() - issuedAt);
  }

  const isExpired = () => !current?.authToken || msUntil('authTokenExpiresAt') <= 0;
  const isDue = () => isExpired() || msUntil('refreshAfter') <= 0;

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
    const tokens = await read();
    if (!tokens || tokens.authToken !== rejected.authToken) return;
    if (!flight || flight.of !== tokens.authToken) {
      const act = () => exchange(tokens, here);
      const exchanged = () => (store.tabs ? store.tabs.inTurn(clock, act) : act()).then(changed);
      const ends = retried(refreshes, () => true, exchanged).finally(() => {
        if (flight?.ends === ends) flight = undefined;
      });
      flight = { of: tokens.authToken, ends };
    }
    await flight.ends;
  }

  // ---- Requests

  async function tandemFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    if (endpointOf(input) !== endpointOf(url)) return network(input, init);
    const { token, isRepeatable } = needsOf(input, init, operations);
    const answer = retried(
      { at: 0, failures: 0 },
      () => isRepeatable && !init?.signal?.aborted,
      async () => {
        const response = token === false ? await transmit(input, init) : await authorized(input, init, token);
        if (!isAnswer(response)) throw response;
        return response;
      },
    );
    return untilAborted(answer, init?.signal).catch((failure) => {
      // Several requests may return the response to one refresh.
      if (isResponse(failure)) return failure.clone();
      throw failure;
    });
  }

  /** Sends a request once, or twice if its token was rejected. */
  async function authorized(input: RequestInfo | URL, init?: RequestInit, isNeeded?: boolean): Promise<Response> {
    let used = await read();
    if (used && isDue()) {
      const refreshing = refresh(used);
      // Whether an operation that the map does not know needs a token, the server decides.
      if (isNeeded && isExpired()) await refreshing;
      else refreshing.catch(() => {});
      used = current;
    }
    const response = await transmit(input, init, used?.authToken);
    if (response.status !== 401 || !used) return response;

    const { recovery, reason } = await rejectionOf(response);
    const { authToken } = used;
    if (recovery === 'LOG_IN' && authToken) {
      // A response to an older token says nothing about the pair that has replaced it meanwhile.
      await update((stored) => (stored?.authToken === authToken ? undefined : stored), reason);
    } else if (recovery === 'REFRESH' || recovery === 'LOG_IN') {
      await refresh(used);
    }
    // Whoever has logged in meanwhile may be somebody else.
    if (!current || current.authToken === authToken || current.account.id !== used.account.id) return response;
    return transmit(input, init, current.authToken);
  }

  function transmit(input: RequestInfo | URL, init?: RequestInit, authToken?: string): Promise<Response> {
    return network(...withToken(input, init, authToken, store.usesCookies));
  }

  async function send<Data>(query: string, input: object, authToken?: string): Promise<Body<Data>> {
    const timeout = new AbortController();
    const { signal } = timeout;
    const cancel = clock.after(here.graceMs, () => timeout.abort());
    const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
    const body = JSON.stringify({ operationName: query.split(/\W/)[1], query, variables: { input } });
    const sending = transmit(url, { method: 'POST', headers, body, signal }, authToken).then(bodyOf<Data>);
    return untilAborted(sending, signal).finally(cancel);
  }

  /** Repeats an action until it succeeds, or the patience ends. Rejects with the last failure. */
  async function retried<T>(retries: Retries, mayRepeat: () => boolean, act: () => Promise<T>): Promise<T> {
    const giveUpAt = clock.now() + patienceSeconds * 1000;
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
        if (recovery === 'STEP_UP') events.emit('stepUpNeeded', undefined);
        const response = isResponse(failure) ? failure : undefined;
        const helps = recovery ? recovery === 'RETRY' : !response || response.ok || response.status > 428;
        if (!helps || !mayRepeat()) throw failure;
        const seconds = retryAfterSeconds ?? Number(response?.headers.get('retry-after') ?? NaN);
        retries.isStrict = seconds >= 0;
        retries.failure = failure;
        // The random part keeps clients apart that failed together.
        const delay = retries.isStrict
          ? seconds + Math.random()
          : Math.min(2 ** retries.failures++, 20) * (0.25 + Math.random() / 4);
        retries.at = clock.now() + delay * 1000;
      }
    }
  }

  // ---- Waiting

  /** Resolves after this time, or earlier: if the tokens change, or the browser is online again. */
  async function pause(ms: number): Promise<void> {
    let cancel: (() => void) | undefined;
    await new Promise<void>((resolve) => {
      sleepers.add(resolve);
      cancel = clock.after(ms, resolve);
    });
    cancel?.();
  }

  function wakeSleepers(): void {
    for (const wakeUp of sleepers) wakeUp();
    sleepers.clear();
  }

  function wake(): void {
    if (globalThis.document?.hidden) return;
    if (!refreshes.isStrict) refreshes.at = 0;
    wakeSleepers();
    void read().then((tokens) => (tokens && isDue() ? refresh(tokens).catch(() => {}) : undefined));
  }

  function listen(): void {
    if (listening) return;
    listening = new AbortController();
    for (const name of ['visibilitychange', 'pageshow', 'online'])
      globalThis.addEventListener?.(name, wake, { signal: listening.signal });
    others = store.tabs?.join((reason) => void read(reason));
  }

  listen();
  return {
    fetch: tandemFetch,
    async signIn(pair) {
      account = pair.account.id;
      await update(() => toStoredTokens(pair, clock.wall()));
    },
    async replace(pair) {
      const next = toStoredTokens(pair, clock.wall());
      const stored = await update((before) => (before?.session.id === next.session.id ? next : before));
      // A user who has logged out meanwhile stays logged out.
      if (stored?.session.id !== next.session.id) await revoke(next, here);
    },
    async signOut({ everywhere } = {}) {
      let mine: StoredTokens | undefined;
      // Before the request, so that a refresh in flight finds the store empty and revokes what it receives.
      await update((stored) => ((mine = own(stored)) ? undefined : stored));
      account = undefined;
      return !mine || revoke(mine, here, everywhere);
    },
    on(name, listener) {
      listen();
      return events.on(name, listener);
    },
    ready: read(),
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
    const abort = () => reject(signal?.reason ?? new Error('Aborted'));
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) abort();
    void promise.then(resolve, reject).finally(() => signal?.removeEventListener('abort', abort));
  });
}
