import { LOGIN, PROTECTED, startTandem, type Tandem } from '../support/harness.js';

describe('the access log', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem({ LOG_LEVEL: 'info' })));
  afterAll(() => tandem.close());

  const lineOf = (requestId: string | null) =>
    tandem
      .log()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .find((line) => line['event'] === 'request' && line['requestId'] === requestId);

  it('names the operation, the code and the reason of a rejected request', async () => {
    const input = { email: 'nobody@example.com', password: 'x' };
    const reply = await tandem.send(LOGIN, { input });
    expect(lineOf(reply.headers.get('x-request-id'))).toMatchObject({
      operation: 'Login',
      code: 'INVALID_CREDENTIALS',
      reason: 'WRONG_EMAIL_OR_PASSWORD',
      status: 400,
    });
  });

  it('gives the reason of every rejection for want of a token, the early ones too', async () => {
    for (let time = 0; time < 3; time++) {
      const reply = await tandem.send(PROTECTED);
      const line = lineOf(reply.headers.get('x-request-id'));
      expect(line).toMatchObject({ status: 401, code: 'UNAUTHENTICATED', reason: 'TOKEN_MISSING' });
    }
  });

  it('names session and account of an authenticated request, and the first field of an unnamed operation', async () => {
    const { authToken: token, sessionId } = await tandem.login();
    const reply = await tandem.send('{ me { id } }', {}, { token });
    const expected = { operation: 'me', sessionId, accountId: reply.data.me.id as string };
    expect(lineOf(reply.headers.get('x-request-id'))).toMatchObject(expected);
  });

  it('keeps a harmless X-Request-Id and the trace ID of traceparent', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const headers = { 'x-request-id': 'gateway-1:4711', traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    const reply = await tandem.send('{ __typename }', {}, { headers });
    expect(reply.headers.get('x-request-id')).toBe('gateway-1:4711');
    expect(lineOf('gateway-1:4711')).toMatchObject({ traceId });
  });

  it.each(['short', 'with space in it', '<script>alert(1)</script>', 'x'.repeat(129)])(
    'replaces the X-Request-Id %.40j',
    async (given) => {
      const reply = await tandem.send('{ __typename }', {}, { headers: { 'x-request-id': given } });
      expect(reply.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it('has no line for a health check that succeeds', async () => {
    await fetch(`${tandem.url}/readyz`);
    await fetch(`${tandem.url}/healthz`);
    expect(tandem.log()).not.toMatch(/"path":"\/(readyz|healthz)"/);
  });
});
