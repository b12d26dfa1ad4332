import { LOGIN, PROTECTED, startTandem, type GraphQLReply, type Tandem } from '../support/harness.js';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';

describe('the access log', () => {
  let tandem: Tandem;
  let proxied: Tandem;
  beforeAll(async () => {
    tandem = await startTandem({ LOG_LEVEL: 'info' });
    proxied = await startTandem({ LOG_LEVEL: 'info', TRUSTED_PROXIES: '192.0.2.0/24,127.0.0.1' });
  });
  afterAll(() => Promise.all([tandem.close(), proxied.close()]));

  const lineOf = ({ headers }: { headers: Headers }, server = tandem) =>
    server
      .log()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .find((line) => line['event'] === 'request' && line['requestId'] === headers.get('x-request-id'));

  it('names the operation, the code and the reason of a rejected request', async () => {
    const input = { email: 'nobody@example.com', password: 'x' };
    expect(lineOf(await tandem.send(LOGIN, { input }))).toMatchObject({
      operation: 'Login',
      code: 'INVALID_CREDENTIALS',
      reason: 'WRONG_EMAIL_OR_PASSWORD',
      status: 400,
    });
  });

  it.each([
    ['{ me { id } }', 'me'],
    ['query Mine { me { id } }', 'Mine'],
  ])('names operation and reason of every rejection of %s without a token, the early ones too', async (query, name) => {
    for (let time = 0; time < 3; time++) {
      const line = lineOf(await tandem.send(query));
      expect(line).toMatchObject({ operation: name, status: 401, code: 'UNAUTHENTICATED', reason: 'TOKEN_MISSING' });
    }
  });

  it('has the cost of an operation, by the pages that its variables request', async () => {
    const { authToken: token } = await tandem.login();
    const costOf = async (query: string, variables = {}) =>
      Number(lineOf(await tandem.send(query, variables, { token }))?.['cost']);
    const nodes = '{ nodes { body } }';
    for (let time = 0; time < 2; time++) {
      expect(await costOf(`{ posts(first: 10) ${nodes} }`)).toBeCloseTo(500_000, -3);
      expect(await costOf(`{ posts ${nodes} }`)).toBeCloseTo(1_000_000, -3);
      expect(await costOf(`query ($n: Int) { posts(last: $n) ${nodes} }`, { n: 3 })).toBeCloseTo(150_000, -3);
      expect(await costOf(`query ($n: Int = 4) { posts(first: $n) ${nodes} }`)).toBeCloseTo(200_000, -3);
    }
    expect(await costOf(`{ posts(first: 10, filter: { search: "x" }) ${nodes} }`)).toBeCloseTo(1_000_000, -3);
    expect(await costOf(`{ a: posts(first: 99) ${nodes} b: posts(first: 99) ${nodes} }`)).toBeCloseTo(9_900_000, -4);
  });

  it('shortens the name of an operation to 100 characters', async () => {
    const query = `query ${'n'.repeat(50_000)} { me { id } }`;
    for (let time = 0; time < 3; time++) {
      expect(lineOf(await tandem.send(query))).toMatchObject({ operation: 'n'.repeat(100), status: 401 });
    }
    const { authToken: token } = await tandem.login();
    expect(lineOf(await tandem.send(query, {}, { token }))).toMatchObject({ operation: 'n'.repeat(100), status: 200 });
  });

  it('names session and account of an authenticated request, and the first field of an unnamed operation', async () => {
    const { authToken: token, sessionId } = await tandem.login();
    const reply = await tandem.send('{ me { id } }', {}, { token });
    const expected = { operation: 'me', sessionId, accountId: reply.data.me.id as string };
    expect(lineOf(reply)).toMatchObject(expected);
  });

  it.each([
    ['broken JSON', '/graphql', { body: '{' }, 400, 'BAD_REQUEST'],
    ['invalid UTF-8', '/graphql', { body: Buffer.from([0x22, 0xff, 0x22]) }, 400, 'BAD_USER_INPUT'],
    ['a body that is too large', '/graphql', { body: 'x'.repeat(700_000) }, 413, 'BAD_REQUEST'],
    ['another encoding', '/graphql', { headers: { 'content-encoding': 'gzip' } }, 415, 'BAD_REQUEST'],
    ['another method', '/graphql', { method: 'PUT' }, 405, 'BAD_REQUEST'],
    ['another path', '/elsewhere', {}, 404, 'BAD_REQUEST'],
  ])(
    'names the code of a request with %s',
    async (_what, path, { headers = {}, ...request }: RequestInit, status, code) => {
      const all = { 'content-type': 'application/json', ...headers };
      const reply = await fetch(tandem.url + path, { method: 'POST', body: '{}', ...request, headers: all });
      await reply.arrayBuffer();
      expect(lineOf(reply)).toMatchObject({ status, code, reason: null });
    },
  );

  describe('of a request with X-Request-Id', () => {
    const send = (server: Tandem, requestId: string, headers = {}): Promise<GraphQLReply> =>
      server.send(PROTECTED, {}, { headers: { 'x-request-id': requestId, ...headers } });

    it('keeps a harmless one of a trusted proxy, and the trace ID of traceparent', async () => {
      const traceparent = `00-${TRACE_ID}-b7ad6b7169203331-01`;
      const reply = await send(proxied, 'gateway-1:4711', { traceparent });
      expect(reply.headers.get('x-request-id')).toBe('gateway-1:4711');
      expect(lineOf(reply, proxied)).toMatchObject({ traceId: TRACE_ID });
    });

    it('keeps one of a trusted IPv4 proxy on an IPv6 socket', async () => {
      const server = await startTandem({ HOST: '::', TRUSTED_PROXIES: '127.0.0.0/8' });
      const url = server.url.replace('[::]', '127.0.0.1');
      const headers = { 'x-request-id': 'gateway-1:4711' };
      expect((await fetch(`${url}/healthz`, { headers })).headers.get('x-request-id')).toBe('gateway-1:4711');
      await server.close();
    });

    it.each(['short', 'with space in it', '<script>alert(1)</script>', 'x'.repeat(129)])(
      'replaces %.40j, even of a trusted proxy',
      async (given) => {
        expect((await send(proxied, given)).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      },
    );

    it('replaces one of a client that is not a trusted proxy', async () => {
      const reply = await send(tandem, 'gateway-1:4711');
      expect(reply.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(tandem.log()).not.toContain('gateway-1:4711');
    });
  });

  it('has no line for a health check that succeeds', async () => {
    await fetch(`${tandem.url}/readyz`);
    await fetch(`${tandem.url}/healthz`);
    expect(tandem.log()).not.toMatch(/"path":"\/(readyz|healthz)"/);
  });
});
