import { refusal, startTandem, tokensOf, type Tandem } from '../support/harness.js';

describe('refreshing', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem()));
  afterAll(() => tandem.close());

  it('hands out a new pair of the same session', async () => {
    const first = await tandem.login();
    const reply = await tandem.refresh(first.refreshToken);
    expect(reply.errors).toBeUndefined();
    const next = tokensOf(reply.data.refreshToken);
    expect(next.sessionId).toBe(first.sessionId);
    expect(next.refreshToken).not.toBe(first.refreshToken);
    expect(next.authToken).not.toBe(first.authToken);
  });

  it('ends the session when a retired token comes back', async () => {
    const r1 = await tandem.login();
    const r2 = tokensOf((await tandem.refresh(r1.refreshToken)).data.refreshToken);
    await tandem.send('{ me { id } }', {}, { token: r2.authToken });
    tandem.clock.advance(11);
    const reply = await tandem.refresh(r1.refreshToken);
    expect(refusal(reply)).toEqual({
      status: 400,
      code: 'INVALID_REFRESH_TOKEN',
      reason: 'REFRESH_TOKEN_REUSED',
      recovery: 'LOG_IN',
    });
    expect(refusal(await tandem.refresh(r2.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
  });

  it('answers fifty refreshes of one token at once with one and the same successor', async () => {
    const first = await tandem.login();
    const replies = await Promise.all(Array.from({ length: 50 }, () => tandem.refresh(first.refreshToken)));
    expect(replies.filter((reply) => reply.errors)).toEqual([]);
    const successors = new Set(replies.map((reply) => reply.data.refreshToken.refreshToken));
    expect(successors.size).toBe(1);
    const [successor = ''] = successors;
    expect((await tandem.refresh(successor)).errors).toBeUndefined();
  });
});
