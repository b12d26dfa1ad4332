import { PROTECTED, refusal, startTandem, tokensOf, type Tandem, type Tokens } from '../support/harness.js';

const HOUR = 3600;

describe('a refresh whose answer was lost', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem({ REFRESH_GRACE_SECONDS: '20' })));
  afterAll(() => tandem.close());

  const next = async ({ refreshToken }: Tokens) => tokensOf((await tandem.refresh(refreshToken)).data.refreshToken);
  const read = (token: string) => tandem.send(PROTECTED, {}, { token });
  const isLive = async ({ refreshToken }: Tokens) => (await tandem.refresh(refreshToken)).status === 200;

  it.each([0, 60, 13 * 24 * HOUR])('is answered again after %d seconds, with the same successor', async (seconds) => {
    const first = await tandem.login();
    const lost = await next(first);
    tandem.clock.advance(seconds);
    const again = await next(first);
    expect(again.refreshToken).toBe(lost.refreshToken);
    expect(again.refreshToken).not.toBe(first.refreshToken);
    expect((await read(again.authToken)).status).toBe(200);
    expect(await isLive(again)).toBe(true);
  });

  it('is answered with a fresh auth token', async () => {
    const first = await tandem.login();
    await next(first);
    tandem.clock.advance(2 * HOUR);
    expect((await read((await next(first)).authToken)).status).toBe(200);
  });

  it('is answered again in any generation', async () => {
    let tokens = await tandem.login();
    for (let round = 0; round < 5; round++) {
      const lost = await next(tokens);
      tandem.clock.advance(HOUR);
      const again = await next(tokens);
      expect(again.refreshToken).toBe(lost.refreshToken);
      tokens = again;
    }
  });

  it('is answered while old auth tokens are in use, which do not show that the new pair arrived', async () => {
    const first = await tandem.login();
    const lost = await next(first);
    await read(first.authToken);
    tandem.clock.advance(30 * 60);
    expect((await next(first)).refreshToken).toBe(lost.refreshToken);
  });

  it('is not answered again once the successor was used, not even at once', async () => {
    const first = await tandem.login();
    const second = await next(first);
    const third = await next(second);
    expect(refusal(await tandem.refresh(first.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REUSED' });
    expect(await isLive(third)).toBe(false);
  });

  it('is not answered again once an auth token of the new pair was seen', async () => {
    const first = await tandem.login();
    const second = await next(first);
    await read(second.authToken);
    tandem.clock.advance(21);
    expect(refusal(await tandem.refresh(first.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REUSED' });
    expect(await isLive(second)).toBe(false);
  });

  it('counts an auth token as seen wherever it is shown, even on a public field', async () => {
    const first = await tandem.login();
    const second = await next(first);
    await tandem.send('{ tokenStatus { state } }', {}, { token: second.authToken });
    tandem.clock.advance(21);
    expect(refusal(await tandem.refresh(first.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REUSED' });
  });

  it('is answered for a grace after the successor was seen, because requests may be in flight', async () => {
    const first = await tandem.login();
    const second = await next(first);
    await read(second.authToken);
    tandem.clock.advance(19);
    expect((await next(first)).refreshToken).toBe(second.refreshToken);
    tandem.clock.advance(2);
    expect(refusal(await tandem.refresh(first.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REUSED' });
  });

  it('has no grace where none is configured', async () => {
    const strict = await tandem.sibling({ REFRESH_GRACE_SECONDS: '0' });
    const first = await tandem.login();
    const second = await next(first);
    await strict.send(PROTECTED, {}, { token: second.authToken });
    tandem.clock.advance(1);
    expect(refusal(await strict.refresh(first.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REUSED' });
  });

  it('is answered by another process in the same way', async () => {
    const other = await tandem.sibling();
    const first = await tandem.login();
    const lost = await next(first);
    const again = tokensOf((await other.refresh(first.refreshToken)).data.refreshToken);
    expect(again.refreshToken).toBe(lost.refreshToken);
    expect((await other.send(PROTECTED, {}, { token: again.authToken })).status).toBe(200);
  });
});
