export interface TokenPlaces {
  /** Keeps the tokens when the page reloads. Without it, they are kept until the page closes. */
  readonly storage?: { getItem(key: string): string | null; setItem(key: string, value: string): void };
  /** Writes the auth token where the user edits the headers of requests. */
  readonly show?: (authToken: string) => void;
}

/**
 * A fetch that keeps the token pair of the last response that contains one, and sends the auth token with each request that
 * has no Authorization header, the header `Bearer <authToken>`, or an earlier token of the same session. "<refreshToken>" in
 * a request's body is replaced by the kept refresh token.
 *
 * The explorer pages run this function in the browser from its source text, so it must not use anything outside itself.
 */
export function withTokenMemory(send: typeof fetch, { storage, show }: TokenPlaces = {}): typeof fetch {
  const KEY = 'tandem:tokens';
  interface Pair {
    authToken?: string;
    refreshToken?: string;
  }
  let pair: Pair = JSON.parse(storage?.getItem(KEY) ?? '{}');

  function sessionOf(token = ''): unknown {
    try {
      const [, claims = ''] = token.split('.');
      return JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/'))).sid;
    } catch {
      return undefined;
    }
  }

  function mayReplace(header: string | null): boolean {
    if (header === null || header === 'Bearer <authToken>') return true;
    const session = sessionOf(pair.authToken);
    return session !== undefined && session === sessionOf(header) && header !== `Bearer ${pair.authToken}`;
  }

  function keep(next: Pair): void {
    pair = { ...pair, ...next };
    storage?.setItem(KEY, JSON.stringify({ authToken: pair.authToken, refreshToken: pair.refreshToken }));
    if (pair.authToken) show?.(pair.authToken);
  }

  function tokensIn(response: string): Pair[] {
    try {
      const fields = Object.values<(Pair & { tokenPair?: Pair | null }) | null>(JSON.parse(response).data ?? {});
      return fields.map((field) => field?.tokenPair ?? field ?? {});
    } catch {
      return [];
    }
  }

  return async (resource, request = {}) => {
    const headers = new Headers(request.headers);
    let body = request.body;
    const text = typeof body === 'string' ? body : '';
    if (mayReplace(headers.get('authorization'))) {
      headers.delete('authorization');
      if (pair.authToken) {
        headers.set('authorization', `Bearer ${pair.authToken}`);
        // The explorer sends this operation by itself, also for a tab whose header the user has removed.
        if (!text.includes('IntrospectionQuery')) show?.(pair.authToken);
      }
    }
    // It is empty if the server sends refresh tokens in cookies.
    if (text && pair.refreshToken !== undefined) body = text.replaceAll('<refreshToken>', pair.refreshToken);

    const response = await send(resource, { ...request, headers, body });
    for (const tokens of tokensIn(await response.clone().text())) if (tokens.authToken) keep(tokens);
    return response;
  };
}
