import { refreshTokens, type RefreshOptions } from './refresh-tokens.js';
import type { StoredTokens, TokenPair, TokenStore } from './token-store.js';

const REFRESH = `mutation Refresh($refresh: RefreshTokenInput!) {
  refreshToken(input: $refresh) { authToken refreshToken session { id } }
}`;
const LOGOUT = `mutation Logout($logout: LogoutInput) {
  logout(input: $logout) { loggedOut }
}`;

export interface SessionOptions {
  /** The URL of the GraphQL endpoint. */
  url: string;
  tokens: TokenStore;
  /** Called once when this page finds the user logged out: by the server, which gives a reason, or in another tab. */
  onLoggedOut(reason?: string): void;
  fetch?: typeof fetch;
  graceMs?: RefreshOptions['graceMs'];
  sleep?: RefreshOptions['sleep'];
}

export interface Session {
  /** Sends a request to a URL with the auth token. If that has expired, refreshes it and retries the request once. */
  fetch: typeof fetch;
  /** Stores the pair that `login` returned. */
  begin(pair: TokenPair): Promise<void>;
  /** Stores the pair that `changePassword` returned: the server rejects all previous tokens of the session. */
  replace(pair: TokenPair): Promise<void>;
  /** Throws if the server did not confirm. The tokens are discarded all the same. */
  end(options?: { everywhere?: boolean }): Promise<void>;
}

/** The tokens of one page, for any GraphQL client that accepts a `fetch`. */
export function openSession({ url, tokens, onLoggedOut, ...options }: SessionOptions): Session {
  const { fetch = globalThis.fetch, graceMs = 10_000, sleep = wait } = options;
  let loggedIn = false;
  let refreshing: { rejected: string; done: Promise<void> } | undefined;

  return {
    async fetch(input, init) {
      const used = await tokens.read();
      see(used);
      const response = await fetch(input, withToken(init, used));
      if (!used || response.status !== 401) return response;
      const { recovery, reason } = (await errorOf(response)) ?? {};
      // A response to an older token says nothing about the pair that has replaced it meanwhile.
      if (recovery === 'LOG_IN') {
        see(await tokens.update((stored) => (stored?.authToken === used.authToken ? undefined : stored)), reason);
      }
      if (recovery !== 'REFRESH') return response;
      try {
        await refreshOnce(used.authToken);
      } catch (error) {
        if (error instanceof UnexpectedResponse) return error.response.clone();
        throw error;
      }
      const newer = await tokens.read();
      // Whoever has logged in meanwhile may be somebody else.
      if (newer && !isSameSession(newer, used)) return response;
      return fetch(input, withToken(init, newer));
    },

    async begin(pair) {
      await tokens.update(() => pairOf(pair));
    },

    async replace(pair) {
      const stored = await tokens.update((current) => (isSameSession(current, pair) ? pairOf(pair) : current));
      // A user who has logged out meanwhile stays logged out.
      if (!isSameSession(stored, pair)) await revoke(pair);
    },

    async end({ everywhere } = {}) {
      let last: TokenPair | undefined;
      // Before the request, so that a refresh in flight finds the store empty and revokes what it receives.
      await tokens.update((stored) => {
        last = stored;
        return undefined;
      });
      loggedIn = false;
      if (last) await revoke(last, everywhere);
    },
  };

  /** All requests of this page that were rejected with this token wait for one refresh. */
  function refreshOnce(rejected: string): Promise<void> {
    if (refreshing?.rejected !== rejected) {
      refreshing = { rejected, done: refresh(rejected).finally(() => (refreshing = undefined)) };
    }
    return refreshing.done;
  }

  async function refresh(rejected: string): Promise<void> {
    const { tokens: stored, reason } = await refreshTokens(tokens, {
      rejected,
      exchange,
      // The tokens are already discarded: if the server cannot be reached, a retry is impossible.
      revoke: (pair) => revoke(pair).catch(() => undefined),
      graceMs,
      sleep,
    });
    see(stored, reason);
  }

  async function exchange({ refreshToken, idempotencyKey }: StoredTokens): Promise<TokenPair | { reason: string }> {
    const response = await send('Refresh', REFRESH, { refresh: { refreshToken, idempotencyKey } });
    const pair = (await bodyOf(response))?.data?.refreshToken;
    if (pair) return pairOf(pair);
    const error = await errorOf(response);
    if (error?.code === 'INVALID_REFRESH_TOKEN') return { reason: error.reason };
    throw new UnexpectedResponse(response);
  }

  async function revoke(pair: TokenPair, everywhere?: boolean): Promise<void> {
    const response = await send('Logout', LOGOUT, { logout: { refreshToken: pair.refreshToken, everywhere } }, pair);
    if (!(await bodyOf(response))?.data?.logout) throw new UnexpectedResponse(response);
  }

  function send(operationName: string, query: string, variables: object, pair?: TokenPair): Promise<Response> {
    const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
    const body = JSON.stringify({ operationName, query, variables });
    return fetch(url, withToken({ method: 'POST', headers, body }, pair));
  }

  function see(stored: TokenPair | undefined, reason?: string): void {
    if (loggedIn && !stored) onLoggedOut(reason);
    loggedIn = stored !== undefined;
  }
}

/** Neither a result nor an error that decides about the tokens, such as SERVICE_UNAVAILABLE or the page of a proxy. */
class UnexpectedResponse extends Error {
  readonly response: Response;

  constructor(response: Response) {
    super(`Unexpected response, HTTP ${response.status}`);
    this.response = response;
  }
}

function withToken(init: RequestInit | undefined, pair: TokenPair | undefined): RequestInit | undefined {
  if (!pair) return init;
  const headers = new Headers(init?.headers);
  headers.set('authorization', `Bearer ${pair.authToken}`);
  return { ...init, headers };
}

/** Without what else the response contains. */
function pairOf({ authToken, refreshToken, session: { id } }: TokenPair): TokenPair {
  return { authToken, refreshToken, session: { id } };
}

function isSameSession(one: TokenPair | undefined, other: TokenPair): boolean {
  return one?.session.id === other.session.id;
}

interface Body {
  data?: { refreshToken?: TokenPair; logout?: object };
  errors?: { extensions?: { code: string; reason: string; recovery: string } }[];
}

/** Undefined if the body is not JSON. Leaves the response readable. */
async function bodyOf(response: Response): Promise<Body | undefined> {
  const body = response.clone().json() as Promise<Body>;
  return body.catch(() => undefined);
}

async function errorOf(response: Response) {
  return (await bodyOf(response))?.errors?.[0]?.extensions;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
