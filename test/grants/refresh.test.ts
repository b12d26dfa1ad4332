import { PROTECTED, refusal, startTandem, tokensOf, type Tandem, type Tokens } from '../support/harness.js';

describe('refreshToken', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem()));
  afterAll(() => tandem.close());

  const next = async ({ refreshToken }: Tokens) => tokensOf((await tandem.refresh(refreshToken)).data.refreshToken);
  const read = (token: string) => tandem.send(PROTECTED, {}, { token });

  it('returns a new token pair of the same session', async () => {
    const first = await tandem.login();
    const reply = await tandem.refresh(first.refreshToken);
    expect(reply.errors).toBeUndefined();
    expect(reply.headers.get('cache-control')).toBe('no-store');
    const second = tokensOf(reply.data.refreshToken);
    expect(second.sessionId).toBe(first.sessionId);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(second.authToken).not.toBe(first.authToken);
    expect((await read(second.authToken)).status).toBe(200);
  });

  it('works with an expired auth token in the Authorization header', async () => {
    const { authToken, refreshToken } = await tandem.login();
    tandem.clock.advance(3601);
    expect((await read(authToken)).status).toBe(401);
    expect((await tandem.refresh(refreshToken, { token: authToken })).status).toBe(200);
  });

  it('leaves auth tokens of earlier generations valid until they expire', async () => {
    const first = await tandem.login();
    const second = await next(first);
    await next(second);
    for (const { authToken } of [first, second]) expect((await read(authToken)).status).toBe(200);
  });

  it('adds no row when repeated 200 times, and detects reuse of the first token', async () => {
    const first = await tandem.login();
    let tokens = first;
    const before = await tandem.database.session.count();
    for (let round = 0; round < 200; round++) tokens = await next(tokens);
    expect(await tandem.database.session.count()).toBe(before);
    expect(await tandem.database.session.findUnique({ where: { id: tokens.sessionId } })).toMatchObject({
      generation: 201,
      endedAt: null,
    });
    expect((await read(tokens.authToken)).status).toBe(200);
    expect(refusal(await tandem.refresh(first.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REUSED' });
    expect(refusal(await read(tokens.authToken))).toMatchObject({ reason: 'TOKEN_REVOKED' });
  });

  it('logs nothing from which a token could be derived', async () => {
    const first = await tandem.login();
    const second = await next(first);
    const third = await next(second);
    await tandem.refresh(first.refreshToken);
    for (const { authToken, refreshToken } of [first, second, third]) {
      expect(tandem.log()).not.toContain(refreshToken.slice(-24));
      expect(tandem.log()).not.toContain(authToken.split('.').at(-1));
    }
  });
});
