import { setTimeout } from 'node:timers/promises';
import { PROTECTED, refusal, startTandem, tokensOf, type Tandem, type Tokens } from '../support/harness.js';

const REUSED = {
  status: 400,
  code: 'INVALID_REFRESH_TOKEN',
  reason: 'REFRESH_TOKEN_REUSED',
  recovery: 'LOG_IN',
};

describe('reuse of a previous refresh token', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem()));
  afterAll(() => tandem.close());

  const next = async ({ refreshToken }: Tokens, server = tandem) =>
    tokensOf((await server.refresh(refreshToken)).data.refreshToken);
  const afterGrace = () => tandem.clock.advance(11);
  const read = (token: string, server = tandem) => server.send(PROTECTED, {}, { token });

  it('revokes the session, effective at once', async () => {
    const first = await tandem.login();
    const second = await next(first);
    const third = await next(second);
    expect((await read(third.authToken)).status).toBe(200);
    afterGrace();
    expect(refusal(await tandem.refresh(first.refreshToken))).toEqual(REUSED);
    for (const { authToken, refreshToken } of [first, second, third]) {
      expect(refusal(await read(authToken))).toMatchObject({
        status: 401,
        code: 'UNAUTHENTICATED',
        reason: 'TOKEN_REVOKED',
        recovery: 'LOG_IN',
      });
      expect(refusal(await tandem.refresh(refreshToken))).toEqual({ ...REUSED, reason: 'REFRESH_TOKEN_REVOKED' });
    }
  });

  it('does not affect other sessions of the account', async () => {
    const person = await tandem.person();
    const [robbed, other] = [await tandem.login(person), await tandem.login(person)];
    await next(await next(robbed));
    afterGrace();
    expect(refusal(await tandem.refresh(robbed.refreshToken))).toEqual(REUSED);
    expect((await read(other.authToken)).status).toBe(200);
    expect((await tandem.refresh(other.refreshToken)).status).toBe(200);
    expect((await tandem.login(person)).sessionId).not.toBe(robbed.sessionId);
  });

  it('is detected by another instance, which revokes the session on all of them', async () => {
    const other = await tandem.startInstance();
    const first = await tandem.login();
    const third = await next(await next(first));
    expect((await read(third.authToken, other)).status).toBe(200);
    afterGrace();
    expect(refusal(await other.refresh(first.refreshToken))).toEqual(REUSED);
    expect(refusal(await read(third.authToken, other))).toMatchObject({ reason: 'TOKEN_REVOKED' });
    expect(refusal(await tandem.refresh(third.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
    while ((await read(third.authToken)).status === 200) await setTimeout(20);
    expect(refusal(await read(third.authToken))).toMatchObject({ reason: 'TOKEN_REVOKED' });
  });

  it('is detected after a restart, also when the successor was seen before it', async () => {
    const before = await tandem.startInstance();
    const [a, b] = [await tandem.login(), await tandem.login()];
    const a3 = await next(await next(a, before), before);
    const b2 = await next(b, before);
    await read(b2.authToken, before);
    await before.app.close();
    tandem.clock.advance(11);
    const after = await tandem.startInstance();
    for (const { refreshToken } of [a, b]) expect(refusal(await after.refresh(refreshToken))).toEqual(REUSED);
    for (const { authToken } of [a3, b2]) {
      expect(refusal(await read(authToken, after))).toMatchObject({ reason: 'TOKEN_REVOKED' });
    }
  });

  it('logs one line with the account and the address, without a token', async () => {
    const person = await tandem.person();
    const first = await tandem.login(person);
    await next(await next(first));
    afterGrace();
    await tandem.refresh(first.refreshToken, { headers: { 'user-agent': 'a thief' } });
    const lines = tandem
      .log()
      .split('\n')
      .filter((line) => line.includes(first.sessionId));
    const events = lines.map((line) => JSON.parse(line)).filter(({ event }) => event === 'refresh_token.reused');
    expect(events).toMatchObject([
      { level: 'warn', sessionId: first.sessionId, accountId: person.id, ipAddress: '127.0.0.1', userAgent: 'a thief' },
    ]);
    expect(lines.join()).not.toContain('tandem_rt_');
  });
});
