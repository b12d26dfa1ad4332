/**
 * A fetch that keeps the token pair of the last response that contains one, and sends the auth token with each request
 * without an Authorization header. "<refreshToken>" in a request's body is replaced by the kept refresh token.
 *
 * The explorer pages run this function in the browser from its source text, so it must not use anything outside itself.
 * The tokens are kept until the page closes, and stored nowhere.
 */
export function withTokenMemory(send: typeof fetch): typeof fetch {
  let pair: { authToken?: string; refreshToken?: string } = {};

  return async (resource, request = {}) => {
    const headers = new Headers(request.headers);
    if (pair.authToken && !headers.has('authorization')) {
      headers.set('authorization', `Bearer ${pair.authToken}`);
    }
    let body = request.body;
    // It is empty if the server sends refresh tokens in cookies.
    if (typeof body === 'string' && pair.refreshToken !== undefined) {
      body = body.replaceAll('<refreshToken>', pair.refreshToken);
    }

    const response = await send(resource, { ...request, headers, body });
    if (!response.headers.get('content-type')?.includes('json')) return response;

    const json = await response
      .clone()
      .json()
      .catch(() => undefined);
    for (const field of Object.values<typeof pair | null>(json?.data ?? {})) {
      if (field?.authToken) pair = { ...pair, ...field };
    }
    return response;
  };
}
