import fc from 'fast-check';

const PATHS = ['/graphql', '/', '/healthz', '/readyz', '/.well-known/jwks.json', '/graphql/', '/%', '/nothing', '*'];
const METHODS = ['POST', 'GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE', 'QUERY'];
const TYPES = ['application/json', 'application/json; charset=latin1', 'text/plain', 'application/graphql', ''];
const NAMES = ['accept', 'origin', 'content-encoding', 'x-forwarded-for', 'traceparent', 'host', 'expect', 'cookie'];
const VALUES = ['gzip', '*/*', 'null', '127.0.0.1', '100-continue', '[', ',;=', 'application/graphql-response+json'];

/** Documents for requests whose body, headers or bytes are broken. */
const DOCUMENTS = [
  '{ me { email sessions { id } } }',
  '{ posts { nodes { title } } }',
  'mutation { createPost(input: { title: "a", body: "b" }) { post { id } } }',
  '{ __schema { types { name } } }',
  '{ '.repeat(30),
];

/** The bytes of an unusual HTTP request, or of no request at all. */
export function requests(tokens) {
  const token = fc.oneof(
    { weight: 4, arbitrary: fc.constant(tokens.authToken) },
    fc.constantFrom(
      tokens.expired,
      tokens.refreshToken,
      `${tokens.authToken.slice(0, -4)}AAAA`,
      'a.b.c',
      'x'.repeat(9000),
    ),
    fc.base64String({ maxLength: 60 }),
  );
  const authorization = fc.option(
    fc
      .record({ scheme: fc.constantFrom('Bearer ', 'bearer ', 'Basic ', ''), token })
      .map((part) => part.scheme + part.token),
  );
  const headerText = fc.string({ maxLength: 40 }).map((text) => text.replace(/[\r\n]/g, ' '));
  const value = fc.oneof(fc.constantFrom(...VALUES), headerText, fc.constant('y'.repeat(20_000)));
  const headers = fc.array(fc.tuple(fc.constantFrom(...NAMES), value), { maxLength: 3 });
  const query = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...DOCUMENTS) }, fc.string({ unit: 'binary' }));

  const deep = fc
    .record({ open: fc.constantFrom('[', '{"a":', '{"query":{"a":['), times: fc.integer({ min: 1, max: 20_000 }) })
    .map(({ open, times }) => open.repeat(times));
  const mostlyEmpty = fc.oneof({ weight: 9, arbitrary: fc.constant({}) }, fc.jsonValue());
  const operation = fc
    .record(
      {
        query: fc.oneof({ weight: 9, arbitrary: query }, fc.jsonValue()),
        variables: mostlyEmpty,
        extensions: mostlyEmpty,
      },
      { requiredKeys: ['query'] },
    )
    .map((body) => JSON.stringify(body));
  const body = fc.oneof(
    { weight: 8, arbitrary: operation.map((text) => Buffer.from(text)) },
    fc.json().map((text) => Buffer.from(text)),
    deep.map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.constant(Buffer.alloc(100_001, ' ')),
  );

  const post = fc
    .record({
      path: fc.constant('/graphql'),
      method: fc.constant('POST'),
      type: fc.constant(TYPES[0]),
      authorization,
      headers: fc.constant([]),
      body,
    })
    .map(bytesOf);
  const get = fc.record({ query, authorization }).map(({ query: text, authorization: given }) =>
    bytesOf({
      method: 'GET',
      path: `/graphql?query=${encodeURIComponent(text.toWellFormed())}`,
      authorization: given,
      headers: [['accept', 'application/json']],
    }),
  );
  const queryString = fc.oneof(
    fc.constant(''),
    fc.webQueryParameters().map((text) => `?${text}`),
    fc.constant('?query=%ff&variables=['),
  );
  const other = fc
    .record({
      start: fc.constantFrom(...PATHS),
      queryString,
      method: fc.constantFrom(...METHODS),
      type: fc.constantFrom(...TYPES),
      authorization,
      headers,
      hasHost: fc.boolean(),
      body: fc.option(body),
    })
    .map(({ start, queryString: rest, ...request }) => bytesOf({ ...request, path: start + rest }));
  const broken = fc
    .tuple(post, fc.nat(500), fc.uint8Array({ maxLength: 20 }))
    .map(([bytes, at, inserted]) => Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at)]));
  const raw = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes));
  return fc.oneof(
    { weight: 6, arbitrary: post },
    { weight: 2, arbitrary: get },
    { weight: 3, arbitrary: other },
    broken,
    raw,
  );
}

function bytesOf({ method, path, type, authorization, headers, body, hasHost = true }) {
  const lines = [`${method} ${path} HTTP/1.1`];
  if (hasHost && !headers.some(([name]) => name === 'host')) lines.push('host: localhost');
  lines.push('connection: close');
  if (authorization) lines.push(`authorization: ${authorization}`);
  if (body) lines.push(`content-type: ${type}`, `content-length: ${body.length}`);
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body ?? Buffer.alloc(0)]);
}
