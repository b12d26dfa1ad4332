import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../support/browser.js';
import { PASSWORD, startTandem, type Tandem } from '../support/harness.js';
import { until } from '../support/until.js';

const CDN = 'https://embeddable-sandbox.cdn.apollographql.com';
const FRAME = 'https://sandbox.embed.apollographql.com';

describe('the page of Apollo Sandbox in a browser', () => {
  let browser: Browser;
  let tandem: Tandem;
  /** Accepts connections and never responds: what the browser takes for Apollo's servers. */
  let hanging: Server;
  const sockets = new Set<Socket>();
  beforeAll(async () => {
    hanging = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
    await once(hanging, 'listening');
    const { port } = hanging.address() as AddressInfo;
    const hosts = [CDN, FRAME].map((origin) => `MAP ${new URL(origin).hostname} 127.0.0.1:${port}`);
    [browser, tandem] = await Promise.all([startBrowser(hosts), startTandem()]);
    await tandem.person('ada');
  }, 60_000);
  afterAll(async () => {
    sockets.forEach((socket) => socket.destroy());
    hanging.close();
    await Promise.all([browser?.close(), tandem?.close()]);
  });

  /** Opens a path in a page whose clock stands still. */
  async function open(path: string, prepare?: (page: Page) => Promise<void>): Promise<Page> {
    const page = await browser.newPage();
    await page.clock.install({ time: 0 });
    await page.clock.pauseAt(600_000);
    await prepare?.(page);
    await page.goto(`${tandem.url}${path}`, { waitUntil: 'commit' });
    return page;
  }

  /** A Sandbox that gives its options to the test, and whose frame sends a message as soon as it is there. */
  async function reachable(page: Page): Promise<void> {
    const script = `window.EmbeddedSandbox = class {
      constructor(options) {
        window.sandbox = options;
        const frame = document.createElement('iframe');
        frame.src = '${FRAME}/sandbox';
        document.querySelector(options.target).append(frame);
      }
    };`;
    const message = `<script>parent.postMessage({ name: 'ExplorerListeningForHandshake' }, '*')</script>`;
    await page.route(`${CDN}/**`, (route) => route.fulfill({ contentType: 'text/javascript', body: script }));
    await page.route(`${FRAME}/**`, (route) => route.fulfill({ contentType: 'text/html', body: message }));
    await page.addInitScript(`addEventListener('message', ({ data }) => (window.received = data.name))`);
  }

  it('is where / leads', async () => {
    const page = await open('/');
    expect(page.url()).toBe(`${tandem.url}/graphql`);
    await page.close();
  });

  it('opens GraphiQL if Apollo has not responded after one second', async () => {
    const page = await open('/');
    await until(() => page.evaluate(`document.querySelector('p') !== null`));
    await page.clock.runFor(990);
    expect(page.url()).toBe(`${tandem.url}/graphql`);
    const opened = page.waitForURL(`${tandem.url}/explorer/graphiql`, { waitUntil: 'commit' });
    await page.clock.runFor(20);
    await opened;
    expect(sockets.size).toBeGreaterThan(0);
    await page.clock.resume();
    await page.locator('.graphiql-execute-button').waitFor();
    await page.close();
  });

  it('opens GraphiQL at once if Apollo cannot be reached', async () => {
    const page = await open('/', async (opened) => {
      await opened.route(/apollographql\.com/, (route) => route.abort('internetdisconnected'));
    });
    await page.waitForURL(`${tandem.url}/explorer/graphiql`, { waitUntil: 'commit' });
    await page.close();
  });

  it('stays with Sandbox once its frame has sent a message', async () => {
    const page = await open('/', reachable);
    await until(() => page.evaluate('Boolean(window.received)'));
    await page.clock.runFor(60_000);
    expect(page.url()).toBe(`${tandem.url}/graphql`);
    await page.close();
  });

  it('sends the auth token in place of the placeholder, and gives it to no other origin', async () => {
    const urls: string[] = [];
    const page = await open('/', async (opened) => {
      opened.on('request', (request) => urls.push(request.url()));
      await reachable(opened);
    });
    await until(() => page.evaluate('Boolean(window.received)'));
    const send = (query: string, variables = {}) =>
      page.evaluate(
        `(async ([query, variables]) => {
          const headers = { 'content-type': 'application/json', ...sandbox.initialState.headers };
          const response = await sandbox.handleRequest(sandbox.initialEndpoint, {
            method: 'POST', headers, body: JSON.stringify({ query, variables }) });
          return { status: response.status, ...(await response.json()) };
        })(${JSON.stringify([query, variables])})`,
      ) as Promise<{ status: number; data: { login: { authToken: string } } }>;

    expect((await send('{ posts { totalCount } }')).status).toBe(401);
    const login = { email: 'ada@example.com', password: PASSWORD };
    const { data } = await send('mutation ($login: LoginInput!) { login(input: $login) { authToken } }', { login });
    expect((await send('{ posts { totalCount } }')).status).toBe(200);
    expect(await page.evaluate('Object.keys(sessionStorage).length + Object.keys(localStorage).length')).toBe(0);
    expect(urls.some((url) => url.includes(data.login.authToken))).toBe(false);
    await page.close();
  });
});
