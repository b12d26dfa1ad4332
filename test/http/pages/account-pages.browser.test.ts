import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../../support/browser.js';
import { LOGIN, PASSWORD, startTandem, type Tandem } from '../../support/harness.js';
import { NEW_PASSWORD, resetMail } from '../../support/password-reset.js';
import { signedUp } from '../../support/sign-up.js';

describe('the pages of links in a browser', () => {
  let browser: Browser;
  let tandem: Tandem;
  let email: string;
  const problems: string[] = [];
  beforeAll(async () => {
    [browser, tandem] = await Promise.all([startBrowser(), startTandem()]);
  }, 60_000);
  beforeEach(() => {
    email = `lin-${Math.random().toString(36).slice(2)}@example.com`;
    problems.length = 0;
  });
  afterAll(() => Promise.all([browser?.close(), tandem?.close()]));

  /** Opens the link of the mail. A violation of the content security policy is an error on the console. */
  async function open(token: string, path = '/account/verify'): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 360, height: 640 } });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => /Content.Security.Policy/i.test(message.text()) && problems.push(message.text()));
    await page.goto(`${tandem.url}${path}#token=${token}`);
    return page;
  }

  /** Submits a form without a click, and so without its required fields. Resolves to what was sent. */
  async function submitAsItIs(page: Page, index: number): Promise<string | null> {
    const response = page.waitForResponse((response) => response.request().method() === 'POST');
    const form = page.locator('form').nth(index);
    await form.evaluate((form) => (form as unknown as { submit(): void }).submit());
    expect((await response).status()).toBe(400);
    await page.close();
    return (await response).request().postData();
  }

  const countOf = () => tandem.database.account.count({ where: { email } });

  it('activate no account for a scanner that runs scripts and submits every form, but for the person afterwards', async () => {
    const { mail } = await signedUp(tandem, email);
    const scanner = await open(mail.token);
    const count = await scanner.locator('form').count();
    expect(count).toBe(2);
    await scanner.close();
    for (let index = 0; index < count; index += 1) {
      const sent = await submitAsItIs(await open(mail.token), index);
      if (index === 0) expect(sent).toContain(mail.token);
    }
    expect(await countOf()).toBe(0);

    const page = await open(mail.token);
    expect(page.url()).toBe(`${tandem.url}/account/verify`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await page.getByLabel('Password', { exact: true }).fill('a passphrase with a typo');
    await page.keyboard.press('Enter');
    await page.locator('[aria-invalid]').waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('link-password');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('status').waitFor();
    expect(await countOf()).toBe(1);
    expect((await tandem.send(LOGIN, { input: { email, password: PASSWORD } })).status).toBe(200);
    expect(await page.context().cookies()).toEqual([]);
    expect(problems).toEqual([]);
  }, 60_000);

  it('activate an account by the code without JavaScript', async () => {
    const { mail } = await signedUp(tandem, email);
    const context = await browser.newContext({ javaScriptEnabled: false, colorScheme: 'dark' });
    const page = await context.newPage();
    await page.goto(`${tandem.url}/account/verify#token=${mail.token}`);
    expect(await page.getByLabel('Password', { exact: true }).isVisible()).toBe(false);
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Code', { exact: true }).fill(mail.code);
    await page.getByLabel('New password').fill('another long passphrase');
    await page.getByRole('button').click();
    await page.getByRole('status').waitFor();
    expect(await countOf()).toBe(1);
    await context.close();
  }, 60_000);

  it('replace no password for a scanner that submits every form, but for the person afterwards', async () => {
    const person = await tandem.person();
    const { token, code } = await resetMail(tandem, person.email);
    const logIn = (password: string) => tandem.send(LOGIN, { input: { email: person.email, password } });
    for (const index of [0, 1]) await submitAsItIs(await open(token, '/account/reset-password'), index);
    expect((await logIn(PASSWORD)).status).toBe(200);
    const page = await open(token, '/account/reset-password');
    expect(page.url()).toBe(`${tandem.url}/account/reset-password`);
    const form = page.getByRole('form', { name: 'Choose a new password' });
    await form.getByLabel('E-mail address').fill(person.email);
    await form.getByLabel('Code', { exact: true }).fill(code);
    await form.getByLabel('New password').fill(NEW_PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Your password is changed' }).waitFor();
    expect((await logIn(NEW_PASSWORD)).status).toBe(200);
    expect(problems).toEqual([]);
  }, 60_000);
});
