/** What an operation needs, by its name: `OPERATIONS` of the plugin operation-map.mjs. */
export type Operations = Readonly<
  Record<string, { readonly token: boolean; readonly retry: 'always' | 'with-key' | 'never' } | undefined>
>;

interface Sent {
  operationName?: string;
  query?: string;
}

/** The URL without parameters, to compare it. */
export function endpointOf(input: RequestInfo | URL): string {
  const text = typeof input === 'string' ? input : 'url' in input ? input.url : input.href;
  const page = globalThis.location?.href;
  return (page ? new URL(text, page).href : text).replace(/[?#].*/s, '');
}

/** Undefined: the map does not know the operation, or there is no map. */
export function needsToken(input: RequestInfo | URL, init?: RequestInit, operations?: Operations): boolean | undefined {
  return operations?.[nameOf(input, init)]?.token;
}

/** Whether the operation may be sent again although a former attempt may have taken effect. */
export function isRepeatable(input: RequestInfo | URL, init?: RequestInit, operations?: Operations): boolean {
  const retry = operations?.[nameOf(input, init)]?.retry;
  if (retry === 'with-key') return /"idempotencyKey":"/.test(String(init?.body));
  if (retry) return retry === 'always';
  const { query = '' } = sentBy(init);
  return /^\s*(query\b|\{)/.test(query) && !/\bmutation\b/.test(query);
}

/** The arguments of `fetch`. A request can be sent once, so it is copied. */
export function withToken(
  input: RequestInfo | URL,
  init: RequestInit | undefined,
  authToken: string | undefined,
  hasCookies: boolean,
): [RequestInfo | URL, RequestInit] {
  const request = typeof input === 'object' && 'clone' in input ? input : undefined;
  const headers = new Headers(init?.headers ?? request?.headers);
  if (authToken) headers.set('authorization', `Bearer ${authToken}`);
  // Otherwise a browser sends and stores no cookies if page and API have different origins.
  return [request?.clone() ?? input, { ...init, headers, ...(hasCookies && { credentials: 'include' }) }];
}

function nameOf(input: RequestInfo | URL, init?: RequestInit): string {
  const { operationName, query = '' } = sentBy(init);
  const inUrl = /[?&]operationName=(\w+)/.exec(String(input));
  return operationName ?? (/^\s*\w+\s+(\w+)/.exec(query) ?? inUrl)?.[1] ?? '';
}

function sentBy(init?: RequestInit): Sent {
  try {
    return (JSON.parse(String(init?.body)) as Sent | null) ?? {};
  } catch {
    return {};
  }
}
