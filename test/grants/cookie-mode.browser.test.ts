import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type * as client from '../../client/src/index.js';
import { startBrowser } from '../support/browser.js';
import { LOGIN, PASSWORD, startTandem, type Person, type Tandem } from '../support/harness.js';
import { holdingProxy, type HoldingProxy } from '../support/holding-proxy.js';
import { servePages, type PageServer } from '../support/page-server.js';

const READ = 'query Read { me { email } }';
const HOUR_AND_A_SECOND = 3601;

/** Chromium treats these hosts as secure. They are of one site, example.localhost. */
const APP = 'app.example.localhost';
const API = 'api.example.localhost';
const BLOG = 'blog.example.localhost';

/** What a page of a front-end has. */
interface FrontEnd {
  client: typeof client;
  session: client.TandemClient;
  url: string;
  events: string[];
}
declare const window: FrontEnd;

describe('cookie mode in a browser', () => {
  let script: string;
  let browser: Browser;
  let pages: PageServer;
  let tandem: Tandem;
  let api: HoldingProxy;
  let context: BrowserContext;
  let person: Person;
  beforeAll(async () => {
    [browser, pages, script] = await Promise.all([startBrowser(), servePages(), bundledClient()]);
    const origins = ['localhost', '127.0.0.1', APP].map((hostName) => pages.originOf(hostName));
    tandem = await startTandem({ REFRESH_TOKEN_TRANSPORT: 'cookie', CORS_ORIGINS: origins.join() });
    api = await holdingProxy(tandem.url);
  }, 60_000);
  beforeEach(async () => {
    context = await browser.newContext();
    person = await tandem.person();
  });
  afterEach(() => context.close());
  afterAll(async () => {
    await browser?.close();
    await Promise.all([pages?.close(), api?.close(), tandem?.close()]);
  });

  /** Opens a page that uses the client. The API is at another port. */
  async function open(hostName = 'localhost', apiHostName = 'localhost'): Promise<Page> {
    const page = await context.newPage();
    await page.goto(pages.originOf(hostName));
    await page.addScriptTag({ content: script });
    await page.evaluate(
      (url) => {
        window.url = url;
        window.events = [];
        window.session = window.client.createTandemClient({ url, store: window.client.cookieTokenStore() });
        window.session.on('signedOut', ({ reason }) => void window.events.push(reason));
      },
      `${api.urlOf(apiHostName)}/graphql`,
    );
    return page;
  }

  /** Sends a login and uses its auth token. Resolves to the response, or to the name of the browser's error. */
  function login(page: Page, email = person.email): Promise<string> {
    return page.evaluate(
      async ([query, address, password]) => {
        const { session, url } = window;
        const body = JSON.stringify({ query, variables: { input: { email: address, password } } });
        const headers = { 'content-type': 'application/json' };
        try {
          const response = await session.fetch(url, { method: 'POST', headers, body });
          const text = await response.text();
          const token = JSON.parse(text).data?.login;
          if (token) await session.signIn(token);
          return `${response.status} ${text}`;
        } catch (error) {
          return (error as Error).name;
        }
      },
      [LOGIN, email, PASSWORD] as const,
    );
  }

  function read(page: Page): Promise<string> {
    return page.evaluate(async (query) => {
      const { session, url } = window;
      const headers = { 'content-type': 'application/json' };
      const response = await session.fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
      return response.text();
    }, READ);
  }

  const resume = (page: Page) =>
    page.evaluate(() => window.session.ready.then(() => window.session.session() !== undefined));
  const eventsOf = (page: Page) => page.evaluate(() => window.events);
  const generations = async () =>
    (await context.cookies(api.urlOf('localhost'))).map(({ name }) => Number(name.split('-').at(-1))).sort();

  it('keeps the user logged in over reloads, and shows no cookie and no refresh token to scripts', async () => {
    const page = await open();
    expect(await login(page)).toMatch(/^200 .*"refreshToken":""/);
    expect(await read(page)).toContain(person.email);
    expect(await page.evaluate(() => document.cookie)).toBe('');
    const sameHost = await context.newPage();
    await sameHost.goto(`${api.urlOf('localhost')}/healthz`);
    expect(await sameHost.evaluate(() => document.cookie)).toBe('');

    const reloaded = await open();
    expect(await resume(reloaded)).toBe(true);
    expect(await read(reloaded)).toContain(person.email);
  });

  it('stores the cookie as Chromium requires it of a __Host- cookie', async () => {
    await login(await open());
    const [cookie, ...others] = await context.cookies(api.urlOf('localhost'));
    expect(others).toEqual([]);
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', path: '/', domain: 'localhost' });
    expect(cookie?.name).toMatch(/^__Host-tandem-[0-9a-f]{32}-1$/);
  });

  it('logs out, and stays logged out after a reload', async () => {
    const page = await open();
    await login(page);
    await page.evaluate(() => window.session.signOut());
    expect(await generations()).toEqual([]);
    expect(await resume(await open())).toBe(false);
  });

  describe('in two tabs', () => {
    let tabs: [Page, Page];
    beforeEach(async () => {
      tabs = [await open(), await open()];
      await login(tabs[0]);
      expect(await read(tabs[1])).toContain(person.email); // with an auth token of its own
      tandem.clock.advance(HOUR_AND_A_SECOND);
    });

    it.each([
      ['in the order of the requests', [0, 1]],
      ['in the other order', [1, 0]],
    ])('logs nobody out if both refresh at once and the responses arrive %s', async (_, order) => {
      api.hold('mutation Refresh');
      const reading = [];
      for (const [at, tab] of tabs.entries()) {
        reading.push(read(tab));
        await api.held(at + 1);
      }
      for (const index of order) api.release(index);
      for (const text of await Promise.all(reading)) expect(text).toContain(person.email);
      expect(await generations()).toHaveLength(1);

      tandem.clock.advance(HOUR_AND_A_SECOND);
      for (const tab of tabs) expect(await read(tab)).toContain(person.email);
      expect(await eventsOf(tabs[0])).toEqual([]);
    });

    it('logs nobody out if a response arrives after a newer cookie was used', async () => {
      const [slow, fast] = tabs;
      // Without the client, which would give up after ten seconds.
      api.hold('mutation Slow');
      const late = slow.evaluate(async () => {
        const query = 'mutation Slow { refreshToken(input: {}) { authToken } }';
        const headers = { 'content-type': 'application/json' };
        const init = { method: 'POST', headers, body: JSON.stringify({ query }), credentials: 'include' } as const;
        return (await fetch(window.url, init)).status;
      });
      await api.held(1);
      for (const _ of [1, 2]) {
        expect(await read(fast)).toContain(person.email);
        tandem.clock.advance(HOUR_AND_A_SECOND);
      }
      const [newest = 0] = await generations();
      api.release(0);
      expect(await late).toBe(200);
      expect(await generations()).toEqual([newest - 1, newest]);

      for (const tab of [fast, slow]) expect(await read(tab)).toContain(person.email);
      expect(await generations()).toHaveLength(1);
    });

    it('tells the other tab that another account has logged in, and does not act as that account', async () => {
      const [first, second] = tabs;
      const { email } = await tandem.person();
      await login(first, email);
      expect(await read(second)).not.toContain(email);
      expect(await eventsOf(second)).toEqual(['OTHER_ACCOUNT']);
    });
  });

  describe('on another host of the same site', () => {
    it('keeps the user logged in if the origin is allowed', async () => {
      expect(await login(await open(APP, API))).toMatch(/^200 /);
      const reloaded = await open(APP, API);
      expect(await resume(reloaded)).toBe(true);
      expect(await read(reloaded)).toContain(person.email);
    });

    it('cannot plant a cookie for the API, nor read one', async () => {
      await login(await open(APP, API));
      const [own] = await context.cookies(api.urlOf(API));
      const blog = await open(BLOG, API);
      const visible = await blog.evaluate((name) => {
        for (const domain of ['example.localhost', 'api.example.localhost']) {
          for (const forged of [name, name.replace(/\d+$/, '9')]) {
            document.cookie = `${forged}=forged; Domain=${domain}; Path=/; Secure`;
            document.cookie = `${forged}=forged; Domain=${domain}; Path=/graphql; Secure; SameSite=Strict`;
          }
        }
        document.cookie = 'plain=planted; Domain=example.localhost; Path=/; Secure';
        return document.cookie;
      }, own?.name ?? '');
      expect(visible).toBe('plain=planted'); // only the prefix protects ours
      expect((await context.cookies(api.urlOf(API))).filter(({ name }) => name !== 'plain')).toEqual([own]);
    });

    it('does not log in if the origin is not allowed', async () => {
      await login(await open(APP, API));
      const sessions = () => tandem.database.session.findMany({ orderBy: { id: 'asc' } });
      const before = await sessions();
      const blog = await open(BLOG, API);
      expect(await login(blog)).toBe('TypeError');
      expect(await sessions()).toEqual(before);
    });
  });

  describe('on a page of another site', () => {
    it('is rejected although its origin is allowed, because the browser would not keep the cookie', async () => {
      const reply = await login(await open('127.0.0.1'));
      expect(reply).toMatch(/^403 .*ORIGIN_NOT_ALLOWED/);
      expect(await generations()).toEqual([]);
    });

    it('neither logs in, nor refreshes, nor logs out', async () => {
      await login(await open());
      const sessions = () => tandem.database.session.findMany({ where: { endedAt: null }, orderBy: { id: 'asc' } });
      const before = await sessions();
      const evil = await open('evil.test');
      expect(await login(evil)).toBe('TypeError');
      const attack = (query: string, type: string) =>
        evil.evaluate(
          async ([text, contentType]) => {
            const headers = { 'content-type': contentType };
            const init = { method: 'POST', mode: 'no-cors', credentials: 'include', headers } as const;
            // The browser hides the response.
            await fetch(window.url, { ...init, body: JSON.stringify({ query: text }) }).catch(() => undefined);
          },
          [query, type] as const,
        );
      const rejected = () => tandem.log().match(/"status":415/g)?.length ?? 0;
      const earlier = rejected();
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json']) {
        await attack('mutation { refreshToken(input: {}) { tokenType } }', type);
        await attack('mutation { logout { loggedOut } }', type);
      }
      expect(rejected()).toBe(earlier + 6);
      expect(await sessions()).toEqual(before);
      expect(await generations()).toEqual([1]);
    });
  });
});

async function bundledClient(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: ['client/src/index.ts'],
    bundle: true,
    format: 'iife',
    globalName: 'client',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}
