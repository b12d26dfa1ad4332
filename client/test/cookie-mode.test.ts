import { randomUUID } from 'node:crypto';
import { startTandem, type Tandem } from '../../test/support/harness.js';
import '../../test/support/fake-indexed-db.mjs';
import { cookieTokenStore, indexedDbTokenStore } from '../src/index.js';
import { LOGIN, openTab, type Tab } from './support/tab.js';

const HOUR_AND_A_SECOND = 3601;
const ORIGIN = 'http://localhost:5173';

describe('the client in cookie mode', () => {
  let tandem: Tandem;
  let cookies: Map<string, string>;
  let database: string;
  beforeAll(async () => {
    tandem = await startTandem({ REFRESH_TOKEN_TRANSPORT: 'cookie', CORS_ORIGINS: ORIGIN });
  });
  afterAll(() => tandem.close());
  beforeEach(() => {
    cookies = new Map();
    database = randomUUID();
  });

  /** Sends and stores cookies, as a browser does if the page includes them. */
  const browserFetch: typeof fetch = async (input, init) => {
    expect(init?.credentials).toBe('include');
    const headers = new Headers(init?.headers);
    headers.set('origin', ORIGIN);
    headers.set('cookie', Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(input, { ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0/i.test(line) || value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };

  function open(): Tab {
    return openTab(tandem, cookieTokenStore(indexedDbTokenStore(database)), { fetch: browserFetch });
  }

  async function signIn(tab: Tab): Promise<void> {
    const { email } = await tandem.person();
    const input = { email, password: 'correct horse battery staple' };
    const init = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const body = JSON.stringify({ operationName: 'Login', query: LOGIN, variables: { input } });
    const response = await tab.client.fetch(`${tandem.url}/graphql`, { ...init, body });
    await tab.client.signIn(((await response.json()) as { data: { login: never } }).data.login);
  }

  it('refreshes, stores no token, and continues in another tab and after a reload', async () => {
    const tab = open();
    await signIn(tab);
    tandem.clock.advance(HOUR_AND_A_SECOND);
    await expect(tab.read()).resolves.toBe('OK');
    const stored = await indexedDbTokenStore(database).read();
    expect([stored?.refreshToken, stored?.authToken, stored?.key]).toEqual(['', undefined, undefined]);

    const other = open();
    await expect(Promise.all([other.read(), tab.read()])).resolves.toEqual(['OK', 'OK']);
    expect(other.events).toEqual(['signedIn', 'refreshed']);
  });

  it('stays logged out after a logout offline, although the browser still has the cookie', async () => {
    const tab = open();
    await signIn(tab);
    const before = new Map(cookies);
    await tab.client.signOut();
    cookies = before;
    const reloaded = open();
    await expect(reloaded.read()).resolves.toBe('UNAUTHENTICATED');
    expect(reloaded.client.session()).toBeUndefined();
  });

  it('signs out in all tabs when the session was revoked', async () => {
    const [tab, other] = [open(), open()];
    await signIn(tab);
    await expect(other.read()).resolves.toBe('OK');
    await tandem.database.session.updateMany({
      data: { endedAt: new Date(tandem.clock.nowMs()), endedReason: 'LOGGED_OUT' },
    });
    tandem.clock.advance(HOUR_AND_A_SECOND);
    for (const { read } of [tab, other]) await expect(read()).resolves.toBe('UNAUTHENTICATED');
    for (const { events } of [tab, other]) expect(events.at(-1)).toMatch('signedOut');
  });

  it('uses no tokens of another account that has logged in in another tab', async () => {
    const [tab, other] = [open(), open()];
    await signIn(tab);
    await signIn(other);
    await expect(tab.read()).resolves.toBe('UNAUTHENTICATED');
    expect(tab.events).toEqual(['signedIn', 'signedOut OTHER_ACCOUNT']);
    await expect(other.read()).resolves.toBe('OK');
  });
});
