import { setTimeout } from 'node:timers/promises';
import {
  PROTECTED,
  refusal,
  startTandem,
  tokensOf,
  type Person,
  type Tandem,
  type Tokens,
} from '../support/harness.js';

const LOGOUT = 'mutation Logout($input: LogoutInput) { logout(input: $input) { loggedOut } }';

describe('logout', () => {
  let tandem: Tandem;
  let person: Person;
  beforeAll(async () => (tandem = await startTandem()));
  beforeEach(async () => (person = await tandem.person()));
  afterAll(() => tandem.close());

  const read = (token: string, server = tandem) => server.send(PROTECTED, {}, { token });
  /** The response is the same for every logout. */
  const logOut = async (token?: string, input?: { refreshToken?: string | null; everywhere?: boolean | null }) => {
    const reply = await tandem.send(LOGOUT, { input }, { token });
    expect(reply).toMatchObject({ status: 200, data: { logout: { loggedOut: true } } });
  };
  const expectLive = async ({ authToken }: Tokens) => expect((await read(authToken)).status).toBe(200);
  const expectEnded = async ({ authToken, refreshToken }: Tokens, refreshReason = 'REFRESH_TOKEN_REVOKED') => {
    expect(refusal(await read(authToken))).toMatchObject({ status: 401, reason: 'TOKEN_REVOKED' });
    expect(refusal(await tandem.refresh(refreshToken))).toMatchObject({ status: 400, reason: refreshReason });
  };

  it('revokes only the session of the auth token, effective on its next request', async () => {
    const [here, there] = [await tandem.login(person), await tandem.login(person)];
    await logOut(here.authToken);
    await expectEnded(here);
    await expectLive(there);
  });

  it('works with an auth token that has expired', async () => {
    const tokens = await tandem.login(person);
    tandem.clock.advance(3601);
    await logOut(tokens.authToken);
    expect(refusal(await tandem.refresh(tokens.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
  });

  it('works with the refresh token alone', async () => {
    const tokens = await tandem.login(person);
    await logOut(undefined, { refreshToken: tokens.refreshToken });
    await expectEnded(tokens);
  });

  it('works with the refresh token and an expired auth token of the same session', async () => {
    const tokens = await tandem.login(person);
    tandem.clock.advance(3601);
    await logOut(tokens.authToken, { refreshToken: tokens.refreshToken });
    expect(refusal(await tandem.refresh(tokens.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
  });

  it('works with the previous refresh token if the last response was lost', async () => {
    const first = await tandem.login(person);
    const second = tokensOf((await tandem.refresh(first.refreshToken)).data.refreshToken);
    await logOut(undefined, { refreshToken: first.refreshToken });
    await expectEnded(second);
  });

  it('is idempotent', async () => {
    const tokens = await tandem.login(person);
    for (let time = 0; time < 3; time++) await logOut(tokens.authToken, { refreshToken: tokens.refreshToken });
    await expectEnded(tokens);
    const { endedReason } = await tandem.database.session.findUniqueOrThrow({ where: { id: tokens.sessionId } });
    expect(endedReason).toBe('LOGGED_OUT');
  });

  it.each([
    ['nothing at all', undefined],
    ['null', null],
    ['nothing', ''],
    ['a word', 'token'],
    ['random bytes', `tandem_rt_${'q'.repeat(72)}`],
    ['ten kilobytes', 'x'.repeat(10_240)],
  ])('returns the same response for %s, without an effect', async (_what, refreshToken) => {
    const tokens = await tandem.login(person);
    await logOut(undefined, { refreshToken });
    await logOut('garbage', { refreshToken });
    await expectLive(tokens);
  });

  it('does not revoke the session that a forged token names', async () => {
    const tokens = await tandem.login(person);
    const [header, payload] = tokens.authToken.split('.');
    await logOut(`${header}.${payload}.${'A'.repeat(86)}`);
    await expectLive(tokens);
  });

  it('does not revoke a session of another account, even with its refresh token', async () => {
    const [own, other] = [await tandem.login(person), await tandem.login()];
    await logOut(own.authToken, { refreshToken: other.refreshToken });
    await expectLive(other);
    expect((await tandem.refresh(other.refreshToken)).status).toBe(200);
  });

  it.each(['auth token', 'refresh token'])('revokes all sessions of the account with an %s', async (proof) => {
    const sessions = [await tandem.login(person), await tandem.login(person), await tandem.login(person)];
    const stranger = await tandem.login();
    const [first] = sessions;
    if (proof === 'auth token') await logOut(first?.authToken, { everywhere: true });
    else await logOut(undefined, { refreshToken: first?.refreshToken, everywhere: true });
    for (const tokens of sessions) await expectEnded(tokens);
    await expectLive(stranger);
    await expectLive(await tandem.login(person));
  });

  it.each(['auth token', 'refresh token'])('can be repeated everywhere with the same %s', async (proof) => {
    const [here] = [await tandem.login(person), await tandem.login(person)];
    const token = proof === 'auth token' ? here.authToken : undefined;
    const refreshToken = proof === 'auth token' ? undefined : here.refreshToken;
    for (let time = 0; time < 3; time++) await logOut(token, { refreshToken, everywhere: true });
  });

  describe('everywhere with a token that does not suffice', () => {
    let here: Tokens;
    let there: Tokens;
    beforeEach(async () => ([here, there] = [await tandem.login(person), await tandem.login(person)]));

    const everywhere = (token?: string, refreshToken?: string) =>
      tandem.send(LOGOUT, { input: { refreshToken, everywhere: true } }, { token });
    const unauthenticated = (reason: string, recovery = 'LOG_IN') => ({
      status: 401,
      code: 'UNAUTHENTICATED',
      reason,
      recovery,
    });

    it('revokes the session of a previous refresh token, and fails', async () => {
      const next = tokensOf((await tandem.refresh(here.refreshToken)).data.refreshToken);
      expect(refusal(await everywhere(undefined, here.refreshToken))).toEqual(unauthenticated('TOKEN_MISSING'));
      await expectEnded(next);
      await expectLive(there);
    });

    it('revokes the session of a refresh token that is two generations old, and does not count it as reuse', async () => {
      const second = tokensOf((await tandem.refresh(here.refreshToken)).data.refreshToken);
      const third = tokensOf((await tandem.refresh(second.refreshToken)).data.refreshToken);
      tandem.clock.advance(11);
      expect(refusal(await everywhere(undefined, here.refreshToken))).toEqual(unauthenticated('TOKEN_MISSING'));
      await expectEnded(third);
      await expectLive(there);
      const { endedReason } = await tandem.database.session.findUniqueOrThrow({ where: { id: here.sessionId } });
      expect(endedReason).toBe('LOGGED_OUT');
    });

    it('revokes the session of an expired auth token, and fails', async () => {
      tandem.clock.advance(3601);
      expect(refusal(await everywhere(here.authToken))).toEqual(unauthenticated('TOKEN_REVOKED'));
      expect(refusal(await tandem.refresh(here.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
      expect((await tandem.refresh(there.refreshToken)).status).toBe(200);
    });

    it('succeeds with an expired auth token and the current refresh token', async () => {
      tandem.clock.advance(3601);
      expect((await everywhere(here.authToken, here.refreshToken)).status).toBe(200);
      expect(refusal(await tandem.refresh(there.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
    });

    it('fails with tokens of a session that was revoked, while another session is active', async () => {
      await logOut(here.authToken);
      expect(refusal(await everywhere(here.authToken, here.refreshToken))).toEqual(unauthenticated('TOKEN_REVOKED'));
      expect(refusal(await everywhere(undefined, here.refreshToken))).toEqual(unauthenticated('TOKEN_MISSING'));
      await expectLive(there);
    });

    it('fails without an effect for forged tokens', async () => {
      const [header, payload] = here.authToken.split('.');
      const forged = `${header}.${payload}.${'A'.repeat(86)}`;
      expect(refusal(await everywhere(forged))).toEqual(unauthenticated('TOKEN_INVALID'));
      expect(refusal(await everywhere())).toEqual(unauthenticated('TOKEN_MISSING'));
      expect(refusal(await everywhere(undefined, `tandem_rt_${'q'.repeat(72)}`))).toEqual(
        unauthenticated('TOKEN_MISSING'),
      );
      for (const tokens of [here, there]) await expectLive(tokens);
    });
  });

  it('takes effect on other instances that have the session in memory', async () => {
    const other = await tandem.startInstance();
    const tokens = await tandem.login(person);
    expect((await read(tokens.authToken, other)).status).toBe(200);
    await logOut(tokens.authToken);
    expect(refusal(await other.refresh(tokens.refreshToken))).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
    const deadline = performance.now() + 5000;
    while ((await read(tokens.authToken, other)).status === 200 && performance.now() < deadline) await setTimeout(20);
    expect(refusal(await read(tokens.authToken, other))).toMatchObject({ reason: 'TOKEN_REVOKED' });
  });

  it('takes effect on an instance that starts afterwards', async () => {
    const tokens = await tandem.login(person);
    await logOut(tokens.authToken);
    expect(refusal(await read(tokens.authToken, await tandem.startInstance()))).toMatchObject({
      reason: 'TOKEN_REVOKED',
    });
  });
});
