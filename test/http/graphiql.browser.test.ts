import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startBrowser } from '../support/browser.js';
import { startTandem, type Tandem } from '../support/harness.js';
import { until } from '../support/until.js';

describe('GraphiQL in a browser', () => {
  let browser: Browser;
  let tandem: Tandem;
  let faults: string[];
  beforeAll(async () => {
    [browser, tandem] = await Promise.all([startBrowser(), startTandem()]);
    await tandem.person('ada');
  }, 60_000);
  afterAll(() => Promise.all([browser?.close(), tandem?.close()]));

  beforeEach(() => (faults = []));
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(faults).toEqual([]); // among them violations of the content security policy, and requests to other hosts
  });

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await browser.newContext(options)).newPage();
    page.on('console', (message) => {
      const isFault = message.type() === 'error' && !message.text().includes('status of 401');
      if (isFault) faults.push(message.text());
    });
    page.on('pageerror', ({ message }) => faults.push(message));
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== tandem.url) faults.push(request.url());
    });
    await page.goto(`${tandem.url}/explorer/graphiql`);
    return page;
  }

  /** Executes an operation of the active tab, and returns the response. */
  async function run(page: Page, operation: string) {
    const received = page.waitForResponse(
      (response) => response.request().postDataJSON()?.operationName === operation && response.status() > 0,
    );
    const item = page.getByRole('menuitem', { name: operation });
    // Just after a change of tabs, GraphiQL may still know the operations of the other one.
    for (let isOpen = false; !isOpen;) {
      await page.locator('.graphiql-execute-button').click();
      isOpen = await item.waitFor({ timeout: 2000 }).then(
        () => true,
        () => false,
      );
    }
    await item.click();
    const response = await received;
    return { status: response.status(), ...(await response.json()) };
  }

  /** Resolves when the headers panel of the active tab contains this token, or no token. */
  async function seeToken(page: Page, authToken: string | undefined): Promise<void> {
    const button = page.getByRole('button', { name: 'Headers' });
    if (!/active/.test((await button.getAttribute('class')) ?? '')) await button.click();
    const lines = page.getByRole('region', { name: 'Headers' }).locator('.view-lines:visible');
    await until(async () => {
      const text = (await lines.innerText()).replaceAll('\u00a0', ' ');
      return authToken ? text.includes(`"Authorization": "Bearer ${authToken}"`) : !text.includes('Authorization');
    });
  }

  const tabs = (page: Page) => page.getByRole('tab').allInnerTexts();

  it('puts the auth token into the headers after a login, and then reads what it protects', async () => {
    const page = await open();
    expect((await run(page, 'Posts')).status).toBe(401);
    const { data } = await run(page, 'Login');
    await seeToken(page, data.login.authToken);
    expect(await run(page, 'Posts')).toMatchObject({ status: 200, data: { posts: { edges: [] } } });
  });

  it('replaces the token of the headers when it refreshes, in other tabs too', async () => {
    const page = await open();
    const { data } = await run(page, 'Login');
    await page.getByRole('button', { name: 'New tab' }).click();
    await seeToken(page, undefined);
    await page.locator('.graphiql-query-editor .monaco-editor').first().click();
    await page.keyboard.insertText(
      'mutation Again { refreshToken(input: { refreshToken: "<refreshToken>" }) { authToken } }',
    );
    const refreshed = page.waitForResponse((response) => response.request().postData()?.includes('Again') ?? false);
    await page.locator('.graphiql-execute-button').click();
    const { authToken } = (await (await refreshed).json()).data.refreshToken;
    await seeToken(page, authToken);

    await page.getByRole('tab').first().click();
    await seeToken(page, data.login.authToken);
    expect((await run(page, 'Posts')).status).toBe(200);
    await seeToken(page, authToken);
  });

  it('restores tabs and tokens when the page reloads', async () => {
    const page = await open();
    const { data } = await run(page, 'Login');
    await page.getByRole('button', { name: 'New tab' }).click();
    await page.locator('.graphiql-query-editor .monaco-editor').first().click();
    await page.keyboard.insertText('query Second { __typename }');
    // GraphiQL stores a change after half a second.
    await until(() => page.evaluate(`sessionStorage.getItem('graphiql:tabState').includes('query Second')`));

    for (let reload = 0; reload < 3; reload += 1) {
      await page.reload();
      expect(await tabs(page)).toEqual(['Login', 'Second']);
    }
    await page.getByRole('tab').first().click();
    await seeToken(page, data.login.authToken);
    expect((await run(page, 'Refresh')).status).toBe(200);
    expect((await run(page, 'Posts')).status).toBe(200);
  });

  it('keeps nothing for the next visit', async () => {
    const page = await open();
    await run(page, 'Login');
    const context = page.context();
    await page.close();
    const next = await context.newPage();
    await next.goto(`${tandem.url}/explorer/graphiql`);
    await seeToken(next, undefined);
  });

  it('is usable in a window of 420 pixels', async () => {
    const page = await open({ viewport: { width: 420, height: 800 } });
    await run(page, 'Login');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(420);
    const parts = {
      '.graphiql-execute-button': 40,
      '.graphiql-query-editor .monaco-editor': 250,
      '.graphiql-editor-tool .monaco-editor': 300,
      '.graphiql-response .monaco-editor': 300,
      '.graphiql-sidebar': 300,
    };
    for (const [part, least] of Object.entries(parts)) {
      const box = await page.locator(part).locator('visible=true').first().boundingBox();
      const { x = -1, y = -1, width = 0, height = 0 } = box ?? {};
      expect([part, x >= 0, y >= 0, x + width <= 420, y + height <= 800]).toEqual([part, true, true, true, true]);
      expect([part, width >= least, height >= 40]).toEqual([part, true, true]);
    }
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(420);
  });

  it.each(['light', 'dark'] as const)('follows the colour scheme of the system: %s', async (colorScheme) => {
    const page = await open({ colorScheme });
    const colour = await page.evaluate(
      `getComputedStyle(document.querySelector('.graphiql-container')).backgroundColor`,
    );
    const [red = -1] = String(colour).match(/\d+/g)?.map(Number) ?? [];
    expect(colorScheme === 'light' ? red > 200 : red >= 0 && red < 60).toBe(true);
  });
});
