import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../../support/browser.js';
import { LOGIN, PASSWORD, startTandem, type Tandem } from '../../support/harness.js';
import { signedUp } from '../../support/sign-up.js';

describe('the page of verification links in a browser', () => {
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
  async function open(token: string): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 360, height: 640 } });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => /Content.Security.Policy/i.test(message.text()) && problems.push(message.text()));
    await page.goto(`${tandem.url}/account/verify#token=${token}`);
    return page;
  }

  const countOf = () => tandem.database.account.count({ where: { email } });

  it('changes nothing for a scanner that runs scripts and submits every form, and lets the person in afterwards', async () => {
    const { mail } = await signedUp(tandem, email);
    const scanner = await open(mail.token);
    const count = await scanner.locator('form').count();
    expect(count).toBe(2);
    await scanner.close();
    for (let index = 0; index < count; index += 1) {
      const page = await open(mail.token);
      const response = page.waitForResponse((response) => response.request().method() === 'POST');
      // Unlike a click, it ignores that fields are required.
      await page
        .locator('form')
        .nth(index)
        .evaluate((form) => (form as unknown as { submit(): void }).submit());
      expect((await response).status()).toBe(400);
      if (index === 0) expect((await response).request().postData()).toContain(mail.token);
      await page.close();
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

  it('shows the form for the code without JavaScript', async () => {
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
});
