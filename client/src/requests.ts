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

/** What the operation of a request needs. Without a map, only a query is repeatable. */
export function needsOf(input: RequestInfo | URL, init?: RequestInit, operations?: Operations): Needs {
  const text = String(init?.body ?? input);
  // In a URL; or in JSON, where quotes within texts are escaped.
  const [, name = ''] = /(?:^[^{]*[?&]operationName=|"operationName":")(\w+)/.exec(text) ?? [];
  const isQuery = /"query":"( |\\n)*(query\b|{)/.test(text) && !/\bmutation\b/.test(text);
  const { token, retry = isQuery && 'always' } = operations?.[name] ?? {};
  const isRepeatable = retry === 'always' || (retry === 'with-key' && /"idempotencyKey":"/.test(text));
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
