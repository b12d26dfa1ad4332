import type { Browser } from 'playwright-core';
import { startBrowser } from '../support/browser.js';
import { LOGIN, PASSWORD, PROTECTED, startTandem, type Tandem } from '../support/harness.js';
import { servePages, type PageServer } from '../support/page-server.js';

describe('a page in a browser', () => {
  let browser: Browser;
  let pages: PageServer;
  let tandem: Tandem;
  beforeAll(async () => {
    [browser, pages] = await Promise.all([startBrowser(), servePages()]);
    tandem = await startTandem({ CORS_ORIGINS: pages.originOf('front-end.test') });
  }, 60_000);
  afterAll(() => Promise.all([browser?.close(), pages?.close(), tandem?.close()]));

  /** Sends an operation from a page of this host. Resolves to the status, or to the name of the browser's error. */
  async function sendFrom(hostName: string, query: string, variables = {}, token?: string): Promise<string> {
    const page = await browser.newPage();
    await page.goto(pages.originOf(hostName));
    const result = await page.evaluate(
      async ([url, body, authorization]) => {
        const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) };
        const sent = fetch(url, { method: 'POST', headers, body });
        return sent.then(
          async (response) => `${response.status} ${await response.text()}`,
          (error: Error) => error.name,
        );
      },
      [`${tandem.url}/graphql`, JSON.stringify({ query, variables }), token ? `Bearer ${token}` : ''] as const,
    );
    await page.close();
    return result;
  }

  it('logs in and reads posts if its origin is one of CORS_ORIGINS', async () => {
    const { email } = await tandem.person();
    const reply = await sendFrom('front-end.test', LOGIN, { input: { email, password: PASSWORD } });
    expect(reply).toMatch(/^200 .*"authToken":"/);
    const { authToken } = await tandem.login();
    expect(await sendFrom('front-end.test', PROTECTED, {}, authToken)).toMatch(/^200 .*"posts"/);
  });

  it('receives no response if its origin is another one', async () => {
    const { authToken } = await tandem.login();
    expect(await sendFrom('evil.test', PROTECTED, {}, authToken)).toBe('TypeError');
  });
});
