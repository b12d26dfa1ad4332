import { PROTECTED, refusal, startTandem, tokensOf, type Tandem, type Tokens } from '../support/harness.js';

const HOUR = 3600;

describe('a refresh whose response was lost', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem({ REFRESH_GRACE_SECONDS: '20' })));
  afterAll(() => tandem.close());

  const next = async ({ refreshToken }: Tokens) => tokensOf((await tandem.refresh(refreshToken)).data.refreshToken);
  const read = (token: string) => tandem.send(PROTECTED, {}, { token });
  const isLive = async ({ refreshToken }: Tokens) => (await tandem.refresh(refreshToken)).status === 200;

  it.each([0, 60, 13 * 24 * HOUR])('returns the same successor when retried after %d seconds', async (seconds) => {
    const first = await tandem.login();
    const lost = await next(first);
    tandem.clock.advance(seconds);
    const again = await next(first);
    expect(again.refreshToken).toBe(lost.refreshToken);
    expect(again.refreshToken).not.toBe(first.refreshToken);
    expect((await read(again.authToken)).status).toBe(200);
    expect(await isLive(again)).toBe(true);
  });

  it('returns a new auth token when retried', async () => {
    const first = await tandem.login();
    await next(first);
    tandem.clock.advance(2 * HOUR);
    expect((await read((await next(first)).authToken)).status).toBe(200);
  });

  it('can be retried in any generation', async () => {
    let tokens = await tandem.login();
    for (let round = 0; round < 5; round++) {
      const lost = await next(tokens);
      tandem.clock.advance(HOUR);
      const again = await next(tokens);
      expect(again.refreshToken).toBe(lost.refreshToken);
      tokens = again;
    }
  });

  it('can be retried while only auth tokens of earlier generations were used', async () => {
    const first = await tandem.login();
    const lost = await next(first);
    await read(first.authToken);
    tandem.clock.advance(30 * 60);
    expect((await next(first)).refreshToken).toBe(lost.refreshToken);
  });

  it('is reuse once the successor was exchanged and the grace period of that exchange has passed', async () => {
    const first = await tandem.login();
    const third = await next(await next(first));
    expect(refusal(await tandem.refresh(first.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_SUPERSEDED' });
    tandem.clock.advance(21);
    expect(refusal(await tandem.refresh(first.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REUSED' });
    expect(await isLive(third)).toBe(false);
  });

  it('is reuse once an auth token of the new pair was used', async () => {
    const first = await tandem.login();
    const second = await next(first);
    await read(second.authToken);
    tandem.clock.advance(21);
    expect(refusal(await tandem.refresh(first.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REUSED' });
    expect(await isLive(second)).toBe(false);
  });

  it('is reuse once an auth token of the new pair was sent with a public field', async () => {
    const first = await tandem.login();
    const second = await next(first);
    await tandem.send('{ tokenStatus { state } }', {}, { token: second.authToken });
    tandem.clock.advance(21);
    expect(refusal(await tandem.refresh(first.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REUSED' });
  });

  it('can be retried for REFRESH_GRACE_SECONDS after the successor was seen', async () => {
    const first = await tandem.login();
    const second = await next(first);
    await read(second.authToken);
    tandem.clock.advance(19);
    expect((await next(first)).refreshToken).toBe(second.refreshToken);
    tandem.clock.advance(2);
    expect(refusal(await tandem.refresh(first.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REUSED' });
  });

  it.each([
    [20_000, 200],
    [20_001, 400],
  ])(
    '%d ms after the successor was first seen, an hour after the rotation, has status %d',
    async (elapsedMs, status) => {
      const { sessionId: id, ...first } = await tandem.login();
      const second = await next({ sessionId: id, ...first });
      tandem.clock.advance(HOUR);
      const again = await next({ sessionId: id, ...first });
      expect((await read(second.authToken)).status).toBe(401);
      await read(again.authToken);
      await tandem.app.drain();
      const { confirmedAt } = await tandem.database.session.findUniqueOrThrow({ where: { id } });
      tandem.clock.stopAt((confirmedAt?.getTime() ?? 0) + elapsedMs);
      expect((await tandem.refresh(first.refreshToken)).status).toBe(status);
    },
  );

  it('returns the same successor on another instance', async () => {
    const other = await tandem.startInstance();
    const first = await tandem.login();
    const lost = await next(first);
    const again = tokensOf((await other.refresh(first.refreshToken)).data.refreshToken);
    expect(again.refreshToken).toBe(lost.refreshToken);
    expect((await other.send(PROTECTED, {}, { token: again.authToken })).status).toBe(200);
  });
});
