import { readFileSync } from 'node:fs';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startBrowser } from '../support/browser.js';
import { startExampleWeb, type ExampleWeb } from '../support/example-web.js';
import { PASSWORD, startTandem, type Person, type Tandem } from '../support/harness.js';
import { lastMailTo } from '../support/mail.js';

const NEW_PASSWORD = 'seven otters in a teapot';

describe('examples/web', () => {
  let browser: Browser;
  let tandem: Tandem;
  let web: ExampleWeb;
  const devices: BrowserContext[] = [];
  const problems: string[] = [];

  beforeAll(async () => {
    [browser, tandem] = await Promise.all([startBrowser(), startTandem()]);
    web = await startExampleWeb(tandem.url);
  }, 60_000);
  beforeEach(() => void (problems.length = 0));
  afterEach(async () => {
    await Promise.all(devices.splice(0).map((device) => device.close()));
    expect(problems).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([web?.close(), tandem?.close()]);
  });

  /** Opens the application in a browser of its own. Errors on the console fail the test, except rejected requests. */
  async function openDevice(path = '/', width = 1200): Promise<Page> {
    const device = await browser.newContext({ viewport: { width, height: 800 } });
    devices.push(device);
    const page = await device.newPage();
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      const isProblem = message.type() === 'error' && !message.text().startsWith('Failed to load resource');
      if (isProblem) problems.push(message.text());
    });
    await page.goto(web.url + path);
    return page;
  }

  async function logIn(page: Page, { email }: { email: string }, password = PASSWORD): Promise<void> {
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.keyboard.press('Enter');
    await heading(page, 'Posts');
  }

  async function signUp(page: Page): Promise<{ email: string }> {
    const email = `lin-${Math.random().toString(36).slice(2)}@example.com`;
    await page.getByRole('link', { name: 'Sign up' }).click();
    await heading(page, 'Sign up');
    await page.getByLabel('Display name').fill('Lin');
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await heading(page, 'Confirm your address');
    return { email };
  }

  /** Waits for a screen. */
  async function heading(page: Page, name: string): Promise<void> {
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  }

  const click = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
  const open = (page: Page, name: string) => page.getByRole('link', { name, exact: true }).click();
  const focused = (page: Page) => page.locator(':focus');

  it('signs up, writes and edits a post, and revokes another device, which says why', async () => {
    const page = await openDevice();
    const { email } = await signUp(page);
    await page.getByLabel('Code').fill((await lastMailTo(tandem, email)).code);
    await page.keyboard.press('Enter');
    await heading(page, 'Posts');

    await open(page, 'Write a post');
    await heading(page, 'Write a post');
    expect(await focused(page).textContent()).toBe('Write a post');
    await page.getByLabel('Text').fill('Once upon a time');
    await click(page, 'Save');
    await page.getByLabel('Title').and(page.locator('[aria-invalid=true]:focus')).waitFor();
    await page.keyboard.type('A tale');
    await click(page, 'Save');
    await heading(page, 'A tale');
    await open(page, 'Edit');
    await page.getByLabel('Title').fill('A longer tale');
    await click(page, 'Save');
    await heading(page, 'A longer tale');
    await click(page, 'Publish');
    await page.getByRole('button', { name: 'Unpublish' }).waitFor();
    await open(page, 'Posts');
    await page.getByRole('link', { name: 'A longer tale' }).waitFor();

    const other = await openDevice();
    await logIn(other, { email });
    await open(page, 'Sessions');
    await page.getByText('This device').waitFor();
    await page.getByRole('button', { name: 'Revoke the session' }).click();
    await page.getByRole('button', { name: 'Revoke the session' }).waitFor({ state: 'detached' });
    await click(other, 'Send a request');
    await other.getByRole('status').getByText('You were logged out on another device').waitFor();
    await heading(other, 'Log in');
    await open(page, 'Security');
    await page.getByText('Revoked from another session').waitFor();
  }, 120_000);

  it('confirms the address by the link in another browser, which asks for the password', async () => {
    const { email } = await signUp(await openDevice());
    const { token } = await lastMailTo(tandem, email);
    const other = await openDevice(`/account/verify#token=${token}`);
    await heading(other, 'Confirm your address');
    expect(other.url()).toBe(`${web.url}/account/verify`);
    await other.getByLabel('Password').fill(PASSWORD);
    await other.keyboard.press('Enter');
    await heading(other, 'Posts');
  }, 120_000);

  it('replaces a forgotten password by the code', async () => {
    const person = await tandem.person();
    const page = await openDevice('/forgot-password');
    await page.getByLabel('E-mail address').fill(person.email);
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('A mail with a link').waitFor();
    await page.getByLabel('E-mail address').fill(person.email);
    await page.getByLabel('Code').fill((await lastMailTo(tandem, person.email)).code);
    await page.getByLabel('New password').fill(NEW_PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('Your password is changed').waitFor();
    await logIn(page, person, NEW_PASSWORD);
  }, 120_000);

  it('stays logged in after a reload, refreshes expired tokens, and logs out in all tabs', async () => {
    const page = await openDevice();
    await logIn(page, await tandem.person());
    await page.reload();
    await heading(page, 'Posts');
    tandem.clock.advance(3601);
    await click(page, 'Send a request');
    await page.getByRole('complementary').getByText('Refreshed').waitFor();
    const tab = await page.context().newPage();
    await tab.goto(web.url);
    await heading(tab, 'Posts');
    await click(page, 'Log out');
    for (const each of [page, tab]) await each.getByRole('status').getByText('You are logged out.').waitFor();
  }, 120_000);

  it('changes the name, the address and the password of an account that stays logged in', async () => {
    const person = await tandem.person();
    const page = await openDevice();
    await logIn(page, person);
    await open(page, 'Account');
    await page.getByLabel('Display name').fill('Lin Otter');
    await click(page, 'Change the name');
    await page.getByText('Your name is changed.').waitFor();
    expect(await page.getByLabel('Display name').inputValue()).toBe('Lin Otter');

    const newEmail = `new-${person.email}`;
    await page.getByLabel('New e-mail address').fill(newEmail);
    await click(page, 'Change the address');
    await page.getByLabel('Code').waitFor();
    await page.getByLabel('Code').fill((await lastMailTo(tandem, newEmail)).code);
    await click(page, 'Confirm');
    await page.getByText(`You log in with ${newEmail}.`).waitFor();

    await page.getByLabel('Current password').fill(PASSWORD);
    await page.getByLabel('New password').fill(NEW_PASSWORD);
    await click(page, 'Change the password');
    await page.getByText('Your password is changed.').waitFor();
    await page.reload();
    await page.getByText(`You log in with ${newEmail}.`).waitFor();
  }, 120_000);

  it('asks for the password when an operation requires a recent login', async () => {
    const page = await openDevice('/account');
    const person = await tandem.person();
    await page.getByLabel('E-mail address').fill(person.email);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await heading(page, 'Account');
    tandem.clock.advance(601);
    const download = page.waitForEvent('download');
    await click(page, 'Download your data');
    const password = page.getByRole('dialog').getByLabel('Password');
    await password.fill('a wrong passphrase');
    await page.keyboard.press('Enter');
    await password.and(page.locator('[aria-invalid=true]:focus')).waitFor();
    await password.fill(PASSWORD);
    await page.keyboard.press('Enter');
    expect(readFileSync(await (await download).path(), 'utf8')).toContain(person.email);
    await page.getByText('The file is downloaded.').waitFor();
  }, 120_000);

  describe('at 420 pixels', () => {
    let person: Person;
    beforeAll(async () => void (person = await tandem.person()));

    /** Both colour schemes, and no horizontal scrolling. */
    async function check(page: Page, screen: string): Promise<void> {
      await page.addScriptTag({ content: axe.source });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        // In the page, this is the global of the script above.
        const { violations } = await page.evaluate(() => axe.run());
        const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
        expect([screen, colorScheme, found]).toEqual([screen, colorScheme, []]);
      }
      expect([screen, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([screen, 420]);
    }

    it('is accessible without a login', async () => {
      const page = await openDevice('/', 420);
      await page.getByLabel('Password').fill('a wrong passphrase');
      await page.keyboard.press('Enter');
      await page.locator('[role=alert]:focus').waitFor();
      await check(page, 'a failed login');
      await signUp(page);
      await check(page, 'a confirmation');
      await page.goBack();
      await heading(page, 'Sign up');
      await check(page, 'a sign-up');
      await open(page, 'Log in');
      await open(page, 'Forgot your password?');
      await heading(page, 'Forgot your password?');
      await check(page, 'a forgotten password');
      await page.getByLabel('E-mail address').fill(person.email);
      await page.keyboard.press('Enter');
      await heading(page, 'Choose a new password');
      await check(page, 'a new password');
    }, 120_000);

    it('is accessible with a login', async () => {
      const page = await openDevice('/', 420);
      await logIn(page, person);
      await check(page, 'an empty list');
      await open(page, 'Write a post');
      await heading(page, 'Write a post');
      await check(page, 'a new post');
      await page.getByLabel('Title').fill(`An unbreakable ${'word'.repeat(40)}`);
      await page.getByLabel('Text').fill('Once upon a time');
      await click(page, 'Save');
      await page.getByRole('link', { name: 'Edit' }).waitFor();
      await check(page, 'a post');
      await click(page, 'Delete …');
      await page.getByRole('dialog').waitFor();
      await check(page, 'a dialog');
      await page.keyboard.press('Escape');
      await open(page, 'Edit');
      await page.getByLabel('Title').waitFor();
      await check(page, 'the editor');
      for (const [link, text] of [
        ['Posts', 'Draft'],
        ['Sessions', 'This device'],
        ['Security', 'Login on a new device'],
        ['Account', 'Current password'],
      ] as const) {
        await open(page, link);
        await heading(page, link);
        await page.getByRole('main').getByText(text, { exact: true }).waitFor();
        await check(page, link);
      }
      tandem.clock.advance(601);
      await click(page, 'Download your data');
      await page.getByRole('dialog').waitFor();
      await check(page, 'a step-up');
    }, 120_000);
  });
});
