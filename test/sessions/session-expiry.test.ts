import { PROTECTED, refusal, startTandem, type GraphQLReply, type Tandem } from '../support/harness.js';

const EXPIRED = {
  status: 400,
  code: 'INVALID_REFRESH_TOKEN',
  reason: 'REFRESH_TOKEN_EXPIRED',
  recovery: 'LOG_IN',
};
const IDLE = 1000;
const MAX = 2500;
const SETTINGS = {
  AUTH_TOKEN_TTL_SECONDS: '600',
  REFRESH_TOKEN_IDLE_SECONDS: String(IDLE),
  SESSION_MAX_SECONDS: String(MAX),
};

describe('session expiry', () => {
  let tandem: Tandem;
  beforeEach(async () => (tandem = await startTandem(SETTINGS)));
  afterEach(() => tandem.close());

  /** The seconds until the refresh token of a reply expires. */
  const left = (reply: GraphQLReply) =>
    (Date.parse(reply.data.refreshToken.refreshTokenExpiresAt) - tandem.clock.nowMs()) / 1000;

  it('happens after the idle time without a refresh', async () => {
    const { refreshToken } = await tandem.login();
    tandem.clock.advance(IDLE - 5);
    const reply = await tandem.refresh(refreshToken);
    expect(Math.abs(left(reply) - IDLE)).toBeLessThan(5);
    tandem.clock.advance(IDLE + 1);
    expect(refusal(await tandem.refresh(reply.data.refreshToken.refreshToken))).toEqual(EXPIRED);
  });

  it.each([
    [-1, 200],
    [0, 400],
  ])('happens exactly at expiresAt: %d ms later a refresh returns %d', async (offsetMs, status) => {
    const { sessionId: id, refreshToken } = await tandem.login();
    const { idleExpiresAt } = await tandem.database.session.findUniqueOrThrow({ where: { id } });
    tandem.clock.stopAt(idleExpiresAt.getTime() + offsetMs);
    expect((await tandem.refresh(refreshToken)).status).toBe(status);
  });

  it('happens at the absolute lifetime even when the session is refreshed', async () => {
    let { refreshToken } = await tandem.login();
    for (const passed of [800, 1600, 2400]) {
      tandem.clock.advance(800);
      const reply = await tandem.refresh(refreshToken);
      expect(Math.abs(left(reply) - Math.min(IDLE, MAX - passed))).toBeLessThan(5);
      expect(reply.data.refreshToken.session.expiresAt).toBe(reply.data.refreshToken.refreshTokenExpiresAt);
      refreshToken = reply.data.refreshToken.refreshToken;
    }
    tandem.clock.advance(101);
    expect(refusal(await tandem.refresh(refreshToken))).toEqual(EXPIRED);
  });

  it('expires the auth tokens of the session', async () => {
    const first = await tandem.login();
    tandem.clock.advance(900);
    const second = await tandem.refresh(first.refreshToken);
    tandem.clock.advance(900);
    const third = await tandem.refresh(second.data.refreshToken.refreshToken);
    tandem.clock.advance(600);
    const { authToken: token, authTokenExpiresAt } = (await tandem.refresh(third.data.refreshToken.refreshToken)).data
      .refreshToken;
    expect((Date.parse(authTokenExpiresAt) - tandem.clock.nowMs()) / 1000).toBeLessThanOrEqual(MAX - 2400);
    expect((await tandem.send(PROTECTED, {}, { token })).status).toBe(200);
    tandem.clock.advance(101);
    expect(refusal(await tandem.send(PROTECTED, {}, { token }))).toMatchObject({ reason: 'TOKEN_EXPIRED' });
  });

  it('is not postponed by retrying a lost refresh', async () => {
    const { refreshToken } = await tandem.login();
    await tandem.refresh(refreshToken);
    tandem.clock.advance(IDLE - 100);
    expect(left(await tandem.refresh(refreshToken))).toBeLessThanOrEqual(100);
    tandem.clock.advance(101);
    expect(refusal(await tandem.refresh(refreshToken))).toEqual(EXPIRED);
  });

  it('is not logged as reuse when a previous token is presented afterwards', async () => {
    const { refreshToken } = await tandem.login();
    const second = await tandem.refresh(refreshToken);
    await tandem.refresh(second.data.refreshToken.refreshToken);
    tandem.clock.advance(IDLE + 1);
    expect(refusal(await tandem.refresh(refreshToken))).toEqual(EXPIRED);
  });

  it('removes the session from the list of sessions', async () => {
    const person = await tandem.person();
    await tandem.login(person);
    tandem.clock.advance(IDLE + 1);
    const { authToken: token, sessionId } = await tandem.login(person);
    const reply = await tandem.send('{ me { sessions { id } } }', {}, { token });
    expect(reply.data.me.sessions).toEqual([{ id: sessionId }]);
  });

  it('rejects 100 concurrent refreshes right after it', async () => {
    const { refreshToken } = await tandem.login();
    tandem.clock.advance(IDLE + 1);
    const replies = await Promise.all(Array.from({ length: 100 }, () => tandem.refresh(refreshToken)));
    expect(replies.map(refusal)).toEqual(replies.map(() => EXPIRED));
  });
});
