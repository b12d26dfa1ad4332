/**
 * A fetch that remembers the token pair of any answer that holds one, and sends the auth token with every request that
 * has no Authorization header of its own. "<refreshToken>" in a request's body stands for the remembered refresh token.
 *
 * The explorer pages run this function in the browser, from its own source text: it may use nothing from outside itself.
 * The tokens live as long as the page, and are stored nowhere.
 */
export function withTokenMemory(send: typeof fetch): typeof fetch {
  let remembered: { authToken?: string; refreshToken?: string } = {};

  return async (resource, request = {}) => {
    const headers = new Headers(request.headers);
    if (remembered.authToken && !headers.has('authorization')) {
      headers.set('authorization', `Bearer ${remembered.authToken}`);
    }
    let body = request.body;
    if (typeof body === 'string' && remembered.refreshToken) {
      body = body.replaceAll('<refreshToken>', remembered.refreshToken);
    }

    const response = await send(resource, { ...request, headers, body });
    if (!response.headers.get('content-type')?.includes('json')) return response;

    const answer = await response
      .clone()
      .json()
      .catch(() => undefined);
    for (const field of Object.values<typeof remembered | null>(answer?.data ?? {})) {
      if (field?.authToken) remembered = { ...remembered, ...field };
    }
    return response;
  };
}
