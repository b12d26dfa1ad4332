import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startBrowser } from '../../support/browser.js';
import { startTandem, type Tandem } from '../../support/harness.js';
import { linksIn, SCANNED_MAILS, storedAbout } from '../../support/scanned-mails.js';

/** What a program types into a field that it does not know. */
const TYPED: Record<string, string> = { email: 'scanner@example.com', password: 'a passphrase of a scanner' };
const OTHERWISE = 'ABCD-1234';

describe('a scanner that runs the scripts of pages and submits every form', () => {
  let browser: Browser;
  let tandem: Tandem;
  beforeAll(async () => {
    [browser, tandem] = await Promise.all([startBrowser(), startTandem()]);
  }, 60_000);
  afterAll(() => Promise.all([browser?.close(), tandem?.close()]));

  async function open(context: BrowserContext, link: string): Promise<Page> {
    const page = await context.newPage();
    await page.goto(link);
    return page;
  }

  /** Submits a form without a click, and so without its required fields, or with all fields filled. */
  async function submit(page: Page, index: number, isFilled: boolean): Promise<void> {
    const form = page.locator('form').nth(index);
    for (const input of isFilled ? await form.locator('input:not([type=hidden])').all() : []) {
      if (!(await input.isVisible())) continue;
      await input.fill(TYPED[(await input.getAttribute('type')) ?? ''] ?? OTHERWISE);
    }
    const response = page.waitForResponse((each) => each.request().method() === 'POST');
    await form.evaluate((element) => (element as unknown as { submit(): void }).submit());
    await (await response).finished();
    await page.waitForLoadState();
  }

  it.each(Object.keys(SCANNED_MAILS))(
    'changes nothing and receives no token: %s',
    async (kind) => {
      const { mail, emails, finish } = (await SCANNED_MAILS[kind]?.(tandem)) ?? noMail();
      const before = await storedAbout(tandem, emails);
      const context = await browser.newContext();
      for (const link of linksIn(mail, tandem)) {
        const page = await open(context, link);
        expect(page.url()).not.toContain('#');
        const count = await page.locator('form').count();
        for (let index = 0; index < count; index += 1) {
          for (const isFilled of [false, true]) {
            const submitted = await open(context, link);
            await submit(submitted, index, isFilled);
            expect(await submitted.content()).not.toMatch(/eyJ|tandem_(?!ot_)[a-z]{2}_/);
          }
        }
      }
      const state = await context.storageState();
      expect([state.cookies, state.origins]).toEqual([[], []]);
      await context.close();
      expect(await storedAbout(tandem, emails)).toBe(before);
      expect(await finish()).toBe(true);
    },
    60_000,
  );
});

function noMail(): never {
  throw new Error('There is no such mail.');
}
