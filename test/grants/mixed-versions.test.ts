import { refusal, PROTECTED, startTandem, tokensOf, type Tandem, type Tokens } from '../support/harness.js';

const KEY = 'the key of this exchange';

describe('a session that version 0.2 refreshed on the same database', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem()));
  afterAll(() => tandem.close());

  const next = async ({ refreshToken }: Tokens, key?: string) =>
    tokensOf((await tandem.refresh(refreshToken, key === undefined ? {} : { key })).data.refreshToken);
  const refuse = async ({ refreshToken }: Tokens, key?: string) =>
    refusal(await tandem.refresh(refreshToken, key === undefined ? {} : { key }));

  /** What version 0.2 writes when it refreshes: it does not know the columns of the keys. */
  async function rotateAs02(sessionId: string): Promise<void> {
    const now = new Date(tandem.clock.nowMs());
    await tandem.database.session.update({
      where: { id: sessionId },
      data: { generation: { increment: 1 }, rotatedAt: now, confirmedAt: null },
    });
  }

  it.each([undefined, KEY])('supersedes every earlier token, with the key %s', async (key) => {
    const first = await tandem.login();
    const second = await next(first, key);
    await rotateAs02(second.sessionId);
    await rotateAs02(second.sessionId);
    tandem.clock.advance(3600);
    expect(await refuse(second, key)).toMatchObject({ reason: 'REFRESH_TOKEN_SUPERSEDED' });
    expect(await refuse(first, KEY)).toMatchObject({
      reason: key ? 'REFRESH_TOKEN_SUPERSEDED' : 'REFRESH_TOKEN_REUSED',
    });
  });

  it('returns the same successor when the response of version 0.2 was lost', async () => {
    const first = await tandem.login();
    await rotateAs02(first.sessionId);
    tandem.clock.advance(3600);
    const second = await next(first, KEY);
    expect((await tandem.send(PROTECTED, {}, { token: second.authToken })).status).toBe(200);
    tandem.clock.advance(60);
    expect(await refuse(first)).toMatchObject({ reason: 'REFRESH_TOKEN_SUPERSEDED' });
    expect((await tandem.refresh(second.refreshToken)).status).toBe(200);
  });

  it('records keys again from the next refresh on, and never takes an unrecorded exchange for reuse', async () => {
    const first = await tandem.login();
    const second = await next(first, KEY);
    await rotateAs02(second.sessionId);
    const third = await next(second); // what version 0.2 returned
    const fourth = await next(third, KEY);
    expect((await tandem.send(PROTECTED, {}, { token: fourth.authToken })).status).toBe(200);
    tandem.clock.advance(3600);
    expect(await refuse(second, 'a key that nobody has')).toMatchObject({ reason: 'REFRESH_TOKEN_SUPERSEDED' });
    expect(await refuse(first, KEY)).toMatchObject({ reason: 'REFRESH_TOKEN_SUPERSEDED' });
    expect(await refuse(third, KEY)).toMatchObject({ reason: 'REFRESH_TOKEN_SUPERSEDED' });
    expect(await refuse(third, 'a key that nobody has')).toMatchObject({ reason: 'REFRESH_TOKEN_REUSED' });
  });
});
