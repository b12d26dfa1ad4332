import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startBrowser } from '../support/browser.js';
import { FRONT_ENDS, makeProject, type Project } from '../support/front-end-project.js';
import { PASSWORD, startTandem, type Person, type Tandem } from '../support/harness.js';
import { servePages, type PageServer } from '../support/page-server.js';

const HOUR_AND_A_SECOND = 3601;
/** The code generator and Relay's compiler take seconds, and much longer on a busy machine. */
const PATIENCE_MS = 120_000;
const CREATE = 'mutation ($input: CreatePostInput!) { createPost(input: $input) { post { id } } }';
const LOGOUT = 'mutation { logout(input: { everywhere: true }) { loggedOut } }';

/** What Vite's template has, with the notices of the page. */
const MAIN = `
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import App from './App';
import { showNotices } from './notices';

showNotices((text) => (document.title = text));
createRoot(document.body).render(<StrictMode><App /></StrictMode>);
`;

let browser: Browser;
let pages: PageServer;
beforeAll(async () => {
  [browser, pages] = await Promise.all([startBrowser(), servePages()]);
}, PATIENCE_MS);
afterAll(async () => {
  await browser?.close();
  await pages?.close();
});

describe.each(FRONT_ENDS)('the front-end on %s of docs/clients.md', (_name, section, variant) => {
  let context: BrowserContext;
  let tandem: Tandem;
  let project: Project;
  let script: string;
  let page: Page;
  let ada: Person;
  const isPublicComputer = variant === 'for a public computer';

  beforeAll(async () => {
    const cookies = { REFRESH_TOKEN_TRANSPORT: 'cookie', CORS_ORIGINS: pages.originOf('localhost') };
    tandem = await startTandem(variant === 'in cookie mode' ? cookies : {});
    const url = tandem.url.replace('127.0.0.1', 'localhost');
    project = makeProject([section, 'What to tell the user'], url, variant);
    project.write('src/main.tsx', MAIN);
    script = readFileSync(await project.bundle('src/main.tsx', 'browser'), 'utf8');
  }, PATIENCE_MS);
  afterAll(async () => {
    await tandem?.close();
    project?.remove();
  });
  beforeEach(async () => {
    context = await browser.newContext();
    ada = await author('Ada’s draft');
    page = await open();
  });
  afterEach(() => context.close());

  /** Somebody with a draft, which nobody else can read. */
  async function author(title: string): Promise<Person> {
    const person = await tandem.person();
    // Not with tandem.login, which would need an origin in cookie mode.
    const { authToken } = await tandem.login(person, { headers: { origin: pages.originOf('localhost') } });
    await tandem.send(CREATE, { input: { title, body: '' } }, { token: authToken });
    return person;
  }

  async function open(): Promise<Page> {
    const opened = await context.newPage();
    opened.setDefaultTimeout(25_000);
    if (isPublicComputer) await opened.addInitScript("sessionStorage.setItem('public-computer', '')");
    await show(opened);
    return opened;
  }
  async function show(opened: Page): Promise<void> {
    await opened.goto(pages.originOf('localhost'));
    await opened.addScriptTag({ content: script });
  }

  async function logIn({ email }: Person, password = PASSWORD): Promise<void> {
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
  }
  const draft = (on = page) => on.getByText('Ada’s draft');
  const form = (on = page) => on.getByLabel('Password');

  it('logs in, stays logged in after a reload, and logs out', async () => {
    await logIn(ada, 'a wrong password');
    await expect(page.getByRole('alert').textContent()).resolves.toBe('The e-mail address or the password is wrong.');
    await logIn(ada);
    await draft().waitFor();
    await show(page);
    await draft().waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await form().waitFor();
    await show(page);
    await form().waitFor();
  });

  it(`${isPublicComputer ? 'is not' : 'is'} logged in in another tab`, async () => {
    await logIn(ada);
    await draft().waitFor();
    const other = await open();
    await (isPublicComputer ? form(other) : draft(other)).waitFor();
  });
  // The rest depends on the library, not on the store.
  if (variant) return;

  it('shows an account nothing of what the one before has loaded', async () => {
    await logIn(ada);
    await draft().waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await logIn(await author('Grace’s draft'));
    await page.getByText('Grace’s draft').waitFor();
    expect(await draft().count()).toBe(0);
  });

  it('refreshes expired tokens without a sign of it', async () => {
    await logIn(ada);
    await draft().waitFor();
    tandem.clock.advance(HOUR_AND_A_SECOND);
    const read = page.waitForResponse((response) => response.status() === 200 && isRead(response.request().postData()));
    await page.getByRole('button', { name: 'Reload' }).click();
    await read;
    await draft().waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('asks for a login when the session was revoked elsewhere, and says so', async () => {
    await logIn(ada);
    await draft().waitFor();
    const { authToken } = await tandem.login(ada, { headers: { origin: pages.originOf('localhost') } });
    await tandem.send(LOGOUT, {}, { token: authToken, headers: { origin: pages.originOf('localhost') } });
    await page.getByRole('button', { name: 'Reload' }).click();
    await form().waitFor();
    await expect(page.title()).resolves.toBe('Please log in again.');
  });
});

function isRead(body: string | null): boolean {
  return /"operationName":"(Posts|AppPostsQuery)"/.test(body ?? '');
}
