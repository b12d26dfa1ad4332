const REFRESH = 'mutation Refresh { refreshToken(input: {}) { authToken session { id } } }';
const LOGOUT = 'mutation Logout { logout { loggedOut } }';
/** A request that arrives later than this could count as reuse: `REFRESH_GRACE_SECONDS` of the server. */
const GRACE_MS = 10_000;

/** What login, verifyEmail, changePassword and reauthenticate return. The refresh token is in a cookie. */
export interface AuthToken {
  authToken: string;
  session: { id: string };
}

export interface CookieSessionOptions {
  /** The URL of the GraphQL endpoint. */
  url: string;
  /** Called once when this page finds the user logged out. */
  onLoggedOut(reason?: string): void;
  /** Called when another login of this browser has replaced the session of this page. Reload the page. */
  onReplaced(): void;
  fetch?: typeof fetch;
}

export interface CookieSession {
  /** Sends a request to a URL with the auth token. If that has expired, refreshes it and retries the request once. */
  fetch: typeof fetch;
  /** Uses the auth token that a mutation returned. */
  use(token: AuthToken): void;
  /**
   * Continues the session that the cookie belongs to. False if there is none. Throws if the server could not be reached: the
   * user may be logged in, so retry. Call it when the page is loaded.
   */
  resume(): Promise<boolean>;
  /** Throws if the server did not confirm. The auth token is discarded all the same, but the cookie may still be there. */
  end(): Promise<void>;
}

/** The session of one page, for any GraphQL client that accepts a `fetch`. The auth token is in memory only. */
export function openCookieSession({ url, onLoggedOut, onReplaced, ...options }: CookieSessionOptions): CookieSession {
  const { fetch = globalThis.fetch.bind(globalThis) } = options;
  let current: AuthToken | undefined;
  let refreshing: Promise<AuthToken | undefined> | undefined;

  return {
    async fetch(input, init) {
      const used = current;
      const response = await fetch(input, withToken(init, used));
      if (!used || response.status !== 401) return response;
      const recovery = (await errorOf(response))?.recovery;
      if (recovery !== 'REFRESH' && recovery !== 'LOG_IN') return response;
      const newer = current === used ? await refreshOnce() : current;
      // Whoever has logged in meanwhile may be somebody else.
      return newer?.session.id === used.session.id ? fetch(input, withToken(init, newer)) : response;
    },

    use(token) {
      current = token;
    },

    async resume() {
      return (await refreshOnce()) !== undefined;
    },

    async end() {
      const used = current;
      current = undefined;
      const response = await send(LOGOUT, used);
      if (!response.ok) throw new Error(`The logout failed, HTTP ${response.status}`);
    },
  };

  /** All requests of this page wait for one refresh. Several pages that refresh at the same time receive the same cookie. */
  function refreshOnce(): Promise<AuthToken | undefined> {
    return (refreshing ??= refresh().finally(() => (refreshing = undefined)));
  }

  async function refresh(): Promise<AuthToken | undefined> {
    const before = current;
    let { token, reason } = await exchange();
    // Another page may have logged in or refreshed meanwhile. Then the browser sends a newer cookie now.
    if (!token && before) ({ token, reason } = await exchange());
    // This page has logged in or out meanwhile.
    if (current !== before) return current;
    current = token;
    if (before && !token) onLoggedOut(reason);
    if (before && token && token.session.id !== before.session.id) onReplaced();
    return token;
  }

  async function exchange(): Promise<{ token?: AuthToken; reason?: string }> {
    const response = await send(REFRESH);
    const token = (await bodyOf(response))?.data?.refreshToken;
    if (token) return { token };
    const error = await errorOf(response);
    if (error?.code === 'INVALID_REFRESH_TOKEN') return { reason: error.reason };
    throw new Error(`The refresh failed, HTTP ${response.status}`);
  }

  function send(query: string, token?: AuthToken): Promise<Response> {
    const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
    const init = { method: 'POST', headers, body: JSON.stringify({ query }), signal: AbortSignal.timeout(GRACE_MS) };
    return fetch(url, withToken(init, token));
  }
}

/** `include`: otherwise a browser sends and stores no cookies if page and API have different origins. */
function withToken(init: RequestInit | undefined, token: AuthToken | undefined): RequestInit {
  const headers = new Headers(init?.headers);
  if (token) headers.set('authorization', `Bearer ${token.authToken}`);
  return { ...init, headers, credentials: 'include' };
}

interface Body {
  data?: { refreshToken?: AuthToken };
  errors?: { extensions?: { code: string; reason: string; recovery: string } }[];
}

/** Undefined if the body is not JSON. Leaves the response readable. */
async function bodyOf(response: Response): Promise<Body | undefined> {
  return (response.clone().json() as Promise<Body>).catch(() => undefined);
}

async function errorOf(response: Response) {
  return (await bodyOf(response))?.errors?.[0]?.extensions;
}
