import { COOKIE_MODE, cookieBrowser, cookiesOf, FRONT_END, type CookieBrowser } from '../support/cookie-browser.js';
import {
  LOGIN,
  PASSWORD,
  PROTECTED,
  REFRESH,
  refusal,
  startTandem,
  type Person,
  type Tandem,
} from '../support/harness.js';
import { signedUp, VERIFY } from '../support/sign-up.js';

const LOGOUT = 'mutation ($input: LogoutInput) { logout(input: $input) { loggedOut } }';
const CHANGE = `mutation ($input: ChangePasswordInput!) {
  changePassword(input: $input) { authToken refreshToken session { id } }
}`;
const REAUTHENTICATE = `mutation ($input: ReauthenticateInput!) {
  reauthenticate(input: $input) { authToken refreshToken session { id } }
}`;
const NEW_PASSWORD = 'another staple for the battery horse';
const ATTRIBUTES = ['Path=/', 'Secure', 'HttpOnly', 'SameSite=Strict'];

describe('cookie mode', () => {
  let tandem: Tandem;
  let person: Person;
  let browser: CookieBrowser;
  beforeAll(async () => (tandem = await startTandem(COOKIE_MODE)));
  beforeEach(async () => {
    person = await tandem.person();
    browser = cookieBrowser(tandem);
  });
  afterAll(() => tandem.close());

  const login = async (who = person, from = browser) => {
    const reply = await from.send(LOGIN, { input: { email: who.email, password: PASSWORD } });
    return reply.data.login as { authToken: string; refreshToken: string; session: { id: string } };
  };
  const credentials = () => ({ input: { email: person.email, password: PASSWORD } });
  /** The same browser, whose request reaches another instance. */
  const cookieBrowserOf = (instance: Tandem) => {
    const other = cookieBrowser(instance);
    return { send: async (query: string, variables: object) => browser.receive(await other.request(query, variables)) };
  };
  const refresh = () => browser.send(REFRESH, { input: {} });
  const nameOf = (sessionId: string, generation: number) =>
    `__Host-tandem-${sessionId.replaceAll('-', '')}-${generation}`;
  const names = () => [...browser.jar.keys()].sort();
  const isLive = async (token: string) => (await tandem.send(PROTECTED, {}, { token })).status === 200;

  describe('login', () => {
    it('sets a __Host- cookie that scripts cannot read, and sends no refresh token in the body', async () => {
      const input = { email: person.email, password: PASSWORD };
      const reply = await browser.request(LOGIN, { input });
      const [cookie, ...others] = cookiesOf(reply);
      const { session, refreshToken } = reply.data.login;
      expect(others).toEqual([]);
      expect(cookie).toMatchObject({
        name: nameOf(session.id, 1),
        value: expect.stringMatching(/^tandem_rt_/),
        attributes: [...ATTRIBUTES, `Max-Age=${14 * 86_400}`],
      });
      expect(refreshToken).toBe('');
      expect(reply.text).not.toContain('tandem_rt_');
      expect(reply.headers.getSetCookie().join().length).toBeLessThan(4096);
    });

    it('sets no cookie if the password is wrong', async () => {
      const reply = await browser.send(LOGIN, { input: { email: person.email, password: 'not the password at all' } });
      expect(refusal(reply)).toMatchObject({ reason: 'WRONG_EMAIL_OR_PASSWORD' });
      expect(reply.headers.getSetCookie()).toEqual([]);
    });

    it('revokes the session that this browser had, and replaces its cookie', async () => {
      const first = await login();
      const second = await login(await tandem.person());
      expect(names()).toEqual([nameOf(second.session.id, 1)]);
      expect(await isLive(first.authToken)).toBe(false);
      expect(await isLive(second.authToken)).toBe(true);
    });

    it('does so if the clock was set back since', async () => {
      const ahead = await tandem.startInstance();
      tandem.clock.advance(60);
      const first = (await cookieBrowserOf(ahead).send(LOGIN, credentials())).data.login;
      tandem.clock.advance(-60);
      const second = await login();
      expect(names()).toEqual([nameOf(second.session.id, 1)]);
      expect(second.session.id < first.session.id).toBe(true);
      expect(await isLive(first.authToken)).toBe(false);
    });

    it('leaves sessions of other browsers alone', async () => {
      const elsewhere = await login(person, cookieBrowser(tandem));
      await login();
      expect(await isLive(elsewhere.authToken)).toBe(true);
    });
  });

  describe.each([
    ['changePassword', CHANGE, { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }],
    ['reauthenticate', REAUTHENTICATE, { password: PASSWORD }],
  ])('%s', (field, mutation, input) => {
    it('sets the cookie of the pair that continues, and expires the one before', async () => {
      const { authToken, session } = await login();
      const reply = await browser.send(mutation, { input }, { token: authToken });
      expect(reply.data[field].refreshToken).toBe('');
      expect(names()).toEqual([nameOf(session.id, 2)]);
      expect((await refresh()).status).toBe(200);
    });
  });

  it('keeps the cookie of a later login when the session of an earlier one is continued', async () => {
    const earlier = await login();
    const own = [...browser.jar];
    browser.jar.clear();
    const later = await login();
    for (const [name, value] of own) browser.jar.set(name, value);
    await browser.send(REAUTHENTICATE, { input: { password: PASSWORD } }, { token: earlier.authToken });
    expect(names()).toEqual([nameOf(earlier.session.id, 2), nameOf(later.session.id, 1)]);
    expect((await refresh()).data.refreshToken.session.id).toBe(later.session.id);
    expect(names()).toEqual([nameOf(later.session.id, 2)]);
  });

  it('sets the cookie of the session that verifyEmail opens', async () => {
    const email = `lin-${Math.random().toString(36).slice(2)}@example.com`;
    const { continuation, mail } = await signedUp(tandem, email);
    const reply = await browser.send(VERIFY, { input: { token: mail.token, continuation } });
    const { refreshToken, session } = reply.data.verifyEmail.tokenPair;
    expect(refreshToken).toBe('');
    expect(names()).toEqual([nameOf(session.id, 1)]);
  });

  describe('refreshToken', () => {
    it('exchanges the cookie for the next one', async () => {
      const { session } = await login();
      tandem.clock.advance(3600);
      const reply = await refresh();
      expect(reply).toMatchObject({ status: 200, data: { refreshToken: { refreshToken: '' } } });
      expect(names()).toEqual([nameOf(session.id, 2)]);
    });

    it('limits the cookie to the remaining life of the session', async () => {
      await login();
      for (const days of [13, 13]) {
        tandem.clock.advance(days * 86_400);
        await refresh();
      }
      const [cookie] = cookiesOf(await browser.request(REFRESH, { input: {} }));
      expect(cookie?.attributes).toContain(`Max-Age=${4 * 86_400}`);
    });

    it('fails without a cookie, and counts no unknown token', async () => {
      const limited = await startTandem({ ...COOKIE_MODE, UNKNOWN_REFRESH_TOKENS_PER_ADDRESS: '1' });
      const stranger = cookieBrowser(limited);
      for (const _ of [1, 2, 3]) {
        expect(refusal(await stranger.send(REFRESH, { input: {} }))).toMatchObject({ reason: 'REFRESH_TOKEN_UNKNOWN' });
      }
      await limited.close();
    });

    it.each(['refreshToken', 'idempotencyKey'])('rejects the field %s', async (field) => {
      await login();
      const value = Array.from(browser.jar.values()).join();
      const reply = await browser.send(REFRESH, { input: { [field]: value } });
      expect(refusal(reply)).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
      expect(reply.errors?.[0]?.extensions).toMatchObject({
        fields: [{ path: ['input', field], reason: 'NOT_ACCEPTED' }],
      });
      expect(reply.headers.getSetCookie()).toEqual([]);
    });

    it('accepts the empty refresh token of a pair', async () => {
      const { refreshToken } = await login();
      expect((await browser.send(REFRESH, { input: { refreshToken } })).status).toBe(200);
    });

    it('expires the cookie of a session that was revoked', async () => {
      const { authToken } = await login();
      await tandem.send(LOGOUT, {}, { token: authToken, headers: { origin: FRONT_END } });
      expect(refusal(await refresh())).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
      expect(names()).toEqual([]);
    });

    it('expires the cookie of a session that has expired', async () => {
      await login();
      tandem.clock.advance(14 * 86_400);
      expect(refusal(await refresh())).toMatchObject({ reason: 'REFRESH_TOKEN_EXPIRED' });
      expect(names()).toEqual([]);
    });

    it('revokes the session if a previous cookie is presented after its successor was used', async () => {
      const { session } = await login();
      const stolen = cookieBrowser(tandem);
      for (const [name, value] of browser.jar) stolen.jar.set(name, value);
      const { authToken } = (await refresh()).data.refreshToken;
      expect(await isLive(authToken)).toBe(true);
      tandem.clock.advance(60);
      expect(refusal(await stolen.send(REFRESH, { input: {} }))).toMatchObject({ reason: 'REFRESH_TOKEN_REUSED' });
      expect(await isLive(authToken)).toBe(false);
      expect(session.id).toBeDefined();
    });
  });

  describe('a response that arrives late', () => {
    it('does not log out a browser that has a newer cookie', async () => {
      const { session } = await login();
      const late = await browser.request(REFRESH, { input: {} });
      await refresh(); // a repeat: generation 2
      const { authToken } = (await refresh()).data.refreshToken;
      expect(await isLive(authToken)).toBe(true); // generation 3 has been seen
      browser.receive(late);
      expect(names()).toEqual([nameOf(session.id, 2), nameOf(session.id, 3)]);
      tandem.clock.advance(3600);
      expect((await refresh()).status).toBe(200);
      expect(names()).toEqual([nameOf(session.id, 4)]);
    });

    it('does not bring back a session that was logged out', async () => {
      const { authToken } = await login();
      const late = await browser.request(REFRESH, { input: {} });
      await browser.send(LOGOUT, {}, { token: authToken });
      browser.receive(late);
      expect(refusal(await refresh())).toMatchObject({ reason: 'REFRESH_TOKEN_REVOKED' });
      expect(names()).toEqual([]);
    });

    it('of a logout does not touch the session of a newer login', async () => {
      const { authToken } = await login();
      const late = await browser.request(LOGOUT, {}, { token: authToken });
      const newer = await login();
      browser.receive(late);
      expect(names()).toEqual([nameOf(newer.session.id, 1)]);
      expect((await refresh()).status).toBe(200);
    });

    it('of an earlier login does not replace a later login, and its session is revoked', async () => {
      const input = { email: person.email, password: PASSWORD };
      const late = await browser.request(LOGIN, { input });
      const later = await login();
      browser.receive(late);
      expect((await refresh()).data.refreshToken.session.id).toBe(later.session.id);
      expect(await isLive(late.data.login.authToken)).toBe(false);
      expect(names()).toEqual([nameOf(later.session.id, 2)]);
    });
  });

  it('continues after a response was lost', async () => {
    await login();
    await browser.request(REFRESH, { input: {} });
    tandem.clock.advance(86_400);
    expect((await refresh()).status).toBe(200);
  });

  describe('logout', () => {
    it('revokes the session of the cookie and expires it', async () => {
      const { authToken } = await login();
      expect((await browser.send(LOGOUT)).data.logout.loggedOut).toBe(true);
      expect(names()).toEqual([]);
      expect(await isLive(authToken)).toBe(false);
    });

    it('clears only the cookies of the session of its auth token', async () => {
      const here = await login();
      const own = [...browser.jar];
      browser.jar.clear();
      const newer = await login();
      for (const [name, value] of own) browser.jar.set(name, value);
      await browser.send(LOGOUT, {}, { token: here.authToken });
      expect(names()).toEqual([nameOf(newer.session.id, 1)]);
      expect(await isLive(here.authToken)).toBe(false);
      expect(await isLive(newer.authToken)).toBe(true);
    });

    it('rejects a refresh token in the body', async () => {
      await login();
      const reply = await browser.send(LOGOUT, { input: { refreshToken: [...browser.jar.values()][0] } });
      expect(reply.errors?.[0]?.extensions).toMatchObject({ fields: [{ reason: 'NOT_ACCEPTED' }] });
      expect(names()).toHaveLength(1);
    });

    it('with `everywhere` needs no auth token if the cookie is the current one', async () => {
      const elsewhere = await login(person, cookieBrowser(tandem));
      await login();
      expect((await browser.send(LOGOUT, { input: { everywhere: true } })).status).toBe(200);
      expect(await isLive(elsewhere.authToken)).toBe(false);
    });
  });

  it('writes no token and no cookie into the log', async () => {
    await login();
    const token = [...browser.jar.values()].join();
    await refresh();
    await browser.send(LOGOUT);
    browser.jar.set(nameOf('0198c000-0000-7000-8000-000000000000', 1), token);
    await refresh();
    expect(tandem.log()).not.toMatch(/tandem_rt_|__Host-|set-cookie/i);
    expect(tandem.log()).not.toContain(token);
  });
});

describe('body mode', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem()));
  afterAll(() => tandem.close());

  it('ignores a cookie and sets none', async () => {
    const { refreshToken, sessionId } = await tandem.login();
    const cookie = `__Host-tandem-${sessionId.replaceAll('-', '')}-1=${refreshToken}`;
    const reply = await tandem.send(REFRESH, { input: {} }, { headers: { cookie } });
    expect(reply.errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: ['input', 'refreshToken'], reason: 'REQUIRED' }],
    });
    const exchanged = await tandem.refresh(refreshToken, { headers: { cookie } });
    expect(exchanged.status).toBe(200);
    expect(exchanged.headers.getSetCookie()).toEqual([]);
  });
});
