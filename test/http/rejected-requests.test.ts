import { LOGIN, PASSWORD, REFRESH, startTandem, type Tandem } from '../support/harness.js';
import { MAX_BODY_BYTES } from '../../src/http/body-limits.js';
import { SECURITY_HEADERS } from '../../src/http/security-headers.js';
import { startProduction } from '../support/production.js';
import { rawRequest, sendRaw, type RawReply } from '../support/raw-http.js';

const QUERY = '{"query":"{ __typename }"}';
const JSON_TYPE = { 'content-type': 'application/json' };
const PREFLIGHT = { 'apollo-require-preflight': '1' };

describe('a request that is not a GraphQL request', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem()));
  afterAll(() => tandem.close());

  const send = (method: string, path: string, headers: Record<string, string>, body?: string) =>
    sendRaw(tandem.url, rawRequest(method, path, headers, body));
  const post = (body: string, headers: Record<string, string> = JSON_TYPE) => send('POST', '/graphql', headers, body);
  const query = (document: string) => `/graphql?query=${encodeURIComponent(document)}`;

  /** Every rejection is JSON in the form of a GraphQL error, reveals no internals, and changes nothing. */
  async function expectRefusal(reply: RawReply, status: number): Promise<void> {
    expect(reply.status).toBe(status);
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(Object.fromEntries(reply.headers)).toMatchObject(SECURITY_HEADERS);
    expect(reply.headers.get('cache-control')).toMatch(/no-store|no-cache/);
    expect(reply.headers.has('x-powered-by')).toBe(false);
    const { data, errors } = JSON.parse(reply.body);
    expect(data).toBeUndefined();
    expect(errors).toEqual([expect.objectContaining({ message: expect.any(String) })]);
    expect(errors[0].extensions).toMatchObject({ code: expect.any(String), recovery: 'FIX_INPUT' });
    expect(reply.body).not.toMatch(/node_modules|\.js|\bat \w+ \(/);
    expect((await fetch(`${tandem.url}/healthz`)).status).toBe(200);
  }

  it.each([
    ['broken JSON', '{ "x'],
    ['null', 'null'],
    ['a string', '"x"'],
    ['a number', '5'],
    ['an empty list', '[]'],
    ['a batch', `[${QUERY}]`],
    ['an empty body', ''],
    ['no query', '{"qeury":"{ __typename }"}'],
    ['an empty query', '{"query":""}'],
    ['an object for a query', '{"query":{}}'],
    ['a string for variables', '{"query":"{ __typename }","variables":"x"}'],
    ['a number for the operation’s name', '{"query":"{ __typename }","operationName":0}'],
    ['the name of an operation that does not exist', '{"query":"{ __typename }","operationName":"Nope"}'],
    ['a list for extensions', '{"query":"{ __typename }","extensions":[]}'],
    ['the hash of a query', '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"ab"}}}'],
    [
      'a query with its hash',
      '{"query":"{ __typename }","extensions":{"persistedQuery":{"version":1,"sha256Hash":"ab"}}}',
    ],
  ])('is rejected with 400 when its body is %s', async (_what, body) => {
    await expectRefusal(await post(body), 400);
  });

  it('is accepted up to 650,000 bytes', async () => {
    const padded = (bytes: number) => `${QUERY}${' '.repeat(bytes - QUERY.length)}`;
    expect((await post(padded(MAX_BODY_BYTES))).status).toBe(200);
    await expectRefusal(await post(padded(MAX_BODY_BYTES + 1)), 413);
    expect([413, NaN]).toContain((await post(padded(10_000_000))).status);
    expect((await post(QUERY)).status).toBe(200);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
    'application/json; charset=iso-8859-1',
    'application/json; charset="utf-16"',
    'garbage',
    '',
  ])('is rejected with 415 when its content-type is "%s", with and without a preflight header', async (type) => {
    const headers: Record<string, string> = type ? { 'content-type': type } : {};
    await expectRefusal(await post(QUERY, { ...headers, origin: 'https://evil.example' }), 415);
    await expectRefusal(await post(QUERY, { ...headers, ...PREFLIGHT }), 415);
  });

  it.each(['application/json;charset=UTF-8', 'application/json; charset="utf-8"'])(
    'is accepted with the content-type %s',
    async (type) => {
      expect((await post(QUERY, { 'content-type': type })).status).toBe(200);
    },
  );

  it('is rejected as a GET that another site could send', async () => {
    await expectRefusal(await send('GET', query('{ __typename }'), { origin: 'https://evil.example' }), 400);
    await expectRefusal(
      await send('GET', query('{ __typename }'), { ...PREFLIGHT, 'content-type': 'text/plain' }),
      415,
    );
    expect((await send('GET', query('{ __typename }'), PREFLIGHT)).status).toBe(200);
  });

  it.each([
    ['bytes that are not UTF-8', '%7B__typename%7D%23%FF'],
    ['a part of a character', '%7B__typename%7D%23%E2%82'],
    ['an overlong encoding', '%7B__typename%7D%23%C0%80'],
    ['half of a surrogate pair', '%7B__typename%7D%23%ED%A0%80'],
    ['an incomplete escape', '%7B__typename%7D%23%'],
    ['variables that are not UTF-8', '%7B__typename%7D&variables=%7B%22x%22:%22%FF%22%7D'],
    ['half of an escaped surrogate pair in its variables', '%7B__typename%7D&variables=%7B%22x%22:%22%5Cud83d%22%7D'],
    ['an operation name that is not UTF-8', '%7B__typename%7D&operationName=%FF'],
  ])('is rejected as a GET with %s', async (_what, parameters) => {
    const reply = await send('GET', `/graphql?query=${parameters}`, PREFLIGHT);
    await expectRefusal(reply, 400);
    expect(JSON.parse(reply.body).errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });

  it.each([
    ['%7B__typename%7D%23%F0%9F%98%80+%25', ''],
    ['query($x:String)%7B__typename%7D', '&variables=%7B%22x%22:%22%5Cud83d%5Cude00%22%7D'],
  ])('is accepted as a GET with the text %s', async (document, variables) => {
    expect((await send('GET', `/graphql?query=${document}${variables}`, PREFLIGHT)).body).not.toContain(
      'BAD_USER_INPUT',
    );
  });

  it('cannot run a mutation as a GET', async () => {
    const { authToken, refreshToken } = await tandem.login();
    const headers = { ...PREFLIGHT, authorization: `Bearer ${authToken}` };
    const reply = await send('GET', query('mutation { logout { loggedOut } }'), headers);
    await expectRefusal(reply, 405);
    expect(reply.headers.get('allow')).toBe('POST');
    expect((await tandem.refresh(refreshToken)).errors).toBeUndefined();
  });

  it.each(['PUT', 'PATCH', 'DELETE'])('is rejected with 405 as a %s', async (method) => {
    const reply = await send(method, '/graphql', JSON_TYPE, QUERY);
    await expectRefusal(reply, 405);
    expect(reply.headers.get('allow')).toBe('GET, POST');
  });

  it('is rejected with 405 as a HEAD and as a TRACE', async () => {
    const head = await send('HEAD', query('{ __typename }'), PREFLIGHT);
    expect([head.status, head.headers.get('allow'), head.body]).toEqual([405, 'GET, POST', '']);
    const trace = await send('TRACE', '/graphql', {});
    await expectRefusal(trace, 405);
    expect(trace.headers.get('allow')).toBe('GET, POST');
  });

  it.each(['PROPFIND', 'QUERY', 'M-SEARCH', 'LOCK', 'OPTIONS'])('is rejected with 405 as a %s', async (method) => {
    for (const [path, allowed] of [
      ['/graphql', 'GET, POST'],
      ['/healthz', 'GET, HEAD'],
      ['/account/reset-password', 'GET, HEAD, POST'],
    ] as const) {
      const reply = await send(method, path, JSON_TYPE, QUERY);
      await expectRefusal(reply, 405);
      expect(reply.headers.get('allow')).toBe(allowed);
    }
  });

  it('is rejected with 405 as a CONNECT', async () => {
    await expectRefusal(
      await sendRaw(tandem.url, 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n'),
      405,
    );
  });

  it.each([
    { origin: '', 'access-control-request-method': 'POST' },
    { origin: 'http://localhost', 'access-control-request-method': '' },
  ])('is rejected with 405 as a preflight with an empty header: %j', async (headers) => {
    await expectRefusal(await send('OPTIONS', '/graphql', headers), 405);
  });

  it.each(['text/html', 'image/png'])('is rejected with 406 when it accepts only %s', async (accept) => {
    await expectRefusal(await post(QUERY, { ...JSON_TYPE, accept }), 406);
  });

  it.each(['text/html', 'application/json;q=0', 'application/json; charset=utf-16', 'garbage'])(
    'executes nothing when it accepts only %s',
    async (accept) => {
      const { email } = await tandem.person();
      const { refreshToken, sessionId } = await tandem.login();
      const sessions = await tandem.database.session.count();
      for (const [document, input] of [
        [LOGIN, { email, password: PASSWORD }],
        [REFRESH, { refreshToken }],
      ]) {
        const body = JSON.stringify({ query: document, variables: { input } });
        await expectRefusal(await post(body, { ...JSON_TYPE, accept }), 406);
      }
      expect(await tandem.database.session.count()).toBe(sessions);
      expect(await tandem.database.session.findUnique({ where: { id: sessionId } })).toMatchObject({ generation: 1 });
    },
  );

  it.each([
    ['application/graphql-response+json', 'application/graphql-response+json; charset=utf-8'],
    ['application/json', 'application/json; charset=utf-8'],
    ['*/*', 'application/json; charset=utf-8'],
  ])('gets the media type that it accepts: %s', async (accept, type) => {
    const { status, headers } = await post(QUERY, { ...JSON_TYPE, accept });
    expect([status, headers.get('content-type')]).toEqual([200, type]);
  });

  it.each(['a b', '[', '[::1', '%', '<x>', ''])('is rejected with 400 when its Host is "%s"', async (Host) => {
    await expectRefusal(await post(QUERY, { ...JSON_TYPE, Host }), 400);
  });

  it('gets a JSON error even when it is not HTTP or its header is too long', async () => {
    await expectRefusal(await sendRaw(tandem.url, 'nonsense\r\n\r\n'), 400);
    await expectRefusal(await send('GET', '/%', {}), 400);
    await expectRefusal(await send('GET', `/graphql?query=${'a'.repeat(17_000)}`, {}), 431);
    await expectRefusal(await send('GET', '/graphql', { x: 'a'.repeat(17_000) }), 431);
  });

  it('gets a JSON error without a Host header', async () => {
    await expectRefusal(await sendRaw(tandem.url, 'GET /graphql HTTP/1.1\r\nConnection: close\r\n\r\n'), 400);
  });

  it.each(['x', ''])('gets the usual response with the unknown expectation "%s"', async (expectation) => {
    await expectRefusal(await send('GET', '/nothing', { expect: expectation }), 404);
    expect((await post(QUERY, { ...JSON_TYPE, expect: expectation })).status).toBe(200);
  });

  it.each(['/healthz', '/readyz', '/.well-known/jwks.json', '/.well-known/jwks.json?x=1'])(
    'is rejected with 405 as a POST to %s',
    async (path) => {
      const reply = await send('POST', path, JSON_TYPE, QUERY);
      await expectRefusal(reply, 405);
      expect(reply.headers.get('allow')).toBe('GET, HEAD');
    },
  );

  it('is rejected with 404 at other paths', async () => {
    await expectRefusal(await send('OPTIONS', '/other', {}), 404);
    await expectRefusal(await send('GET', '/other', {}), 404);
    await expectRefusal(await send('POST', '/graphql/x', JSON_TYPE, QUERY), 404);
  });

  it('is rejected in the same way as OPTIONS if no other origin is allowed', async () => {
    const production = await startProduction();
    const options = (path: string) => sendRaw(production.url, rawRequest('OPTIONS', path, {}));
    await expectRefusal(await options('/graphql'), 405);
    await expectRefusal(await options('/healthz'), 405);
    await expectRefusal(await options('/other'), 404);
    await expectRefusal(await options('*'), 404);
    await production.close();
  });

  it('may contain unknown properties, none of which reaches a prototype', async () => {
    const body = '{"query":"{ __typename }","foo":1,"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}';
    expect((await post(body)).status).toBe(200);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});
