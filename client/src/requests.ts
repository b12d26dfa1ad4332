/** What an operation needs, by its name: `OPERATIONS` of the plugin operation-map.mjs. */
export type Operations = Readonly<
  Record<string, { readonly token: boolean; readonly retry: 'always' | 'with-key' | 'never' } | undefined>
>;

export interface Needs {
  /** Undefined: the client does not know. */
  token?: boolean;
  /** Whether the operation may be sent again although a former attempt may have taken effect. */
  isRepeatable: boolean;
}

/** What the operation of a request needs. Without a map, only a document without a mutation is repeatable. */
export function needsOf(input: RequestInfo | URL, init?: RequestInit, operations?: Operations): Needs {
  const body = String(init?.body);
  let sent: { query?: string; operationName?: string } | undefined;
  try {
    sent = JSON.parse(body);
  } catch {
    // Not JSON; or the parameters are in the URL.
  }
  const { query, operationName = /[?&]operationName=(\w+)/.exec(String(input))?.[1] ?? '' } = sent ?? {};
  const { token, retry = query?.includes('mutation') === false && 'always' } = operations?.[operationName] ?? {};
  const isRepeatable = retry === 'always' || (retry === 'with-key' && /"idempotencyKey":"/.test(body));
  return { token, isRepeatable };
}

/** The URL without parameters, to compare it. */
export function endpointOf(input: RequestInfo | URL): string | undefined {
  return new URL((input as Request).url ?? input, globalThis.location?.href).href.split(/[?#]/)[0];
}

/** The arguments of `fetch`. A request can be sent once, so it is copied. */
export function withToken(
  input: RequestInfo | URL,
  init: RequestInit | undefined,
  authToken: string | undefined,
  usesCookies: boolean | undefined,
): [RequestInfo | URL, RequestInit] {
  const request = asRequest(input);
  const headers = new Headers(init?.headers ?? request?.headers);
  if (authToken) headers.set('authorization', `Bearer ${authToken}`);
  // Otherwise a browser sends and stores no cookies if page and API have different origins.
  return [request?.clone() ?? input, { ...init, headers, ...(usesCookies && { credentials: 'include' }) }];
}

function asRequest(input: RequestInfo | URL): Request | undefined {
  return (input as Request).clone && (input as Request);
}
