import type { Page } from 'playwright-core';
import { startTandem, type Tandem } from '../support/harness.js';
import { holdRefresh } from './support/faults.js';
import { exchangedTokens } from './support/needless-refreshes.js';
import { expectNothingNoticed } from './support/nothing-noticed.js';
import type { TabPage } from './support/tab-page.js';
import { setLifecycle, startTabbedBrowser, type TabbedBrowser } from './support/tabbed-browser.js';
import { bundledPage, openThreeTabs, type ThreeTabs } from './support/three-tabs.js';

declare const tab: TabPage;

const OPERATIONS = 140;
const STEP = 20;

describe('two tabs beside a frozen one that holds the lock', () => {
  let browser: TabbedBrowser;
  let tandem: Tandem;
  let tabs: ThreeTabs;
  beforeAll(async () => {
    [browser, tandem] = await Promise.all([startTabbedBrowser(), startTandem({ AUTH_TOKEN_TTL_SECONDS: '2' })]);
    tabs = await openThreeTabs(browser.context, tandem, await bundledPage());
  });
  afterAll(async () => {
    await tabs?.close();
    await browser?.close();
    await tandem?.close();
  });

  const operate = (page: Page, count: number) => page.evaluate((some) => tab.operate(some), count);
  const locksSeenBy = (page: Page) => page.evaluate(async () => (await navigator.locks.query()).held?.length);

  it('continue, and it adopts their tokens when it is thawed', async () => {
    const [first, second, third] = tabs.pages;
    const { held, release } = holdRefresh(tabs.frontEnd);
    const errorsOfFirst = operate(first, OPERATIONS);
    await held;
    await setLifecycle(first, 'frozen');
    release();
    const errors: string[] = [];
    const exchanged = () => exchangedTokens(tabs.frontEnd.requests);
    const before = exchanged();
    let operations = 0;
    // Until its tokens are two generations old.
    while (exchanged() < before + 2) {
      errors.push(...(await Promise.all([operate(second, STEP), operate(third, STEP)])).flat());
      operations += STEP;
    }
    expect(await locksSeenBy(second)).toBe(1);
    await setLifecycle(first, 'active');
    errors.push(...(await Promise.all([operate(second, OPERATIONS), operate(third, OPERATIONS)])).flat());
    errors.push(...(await errorsOfFirst));
    const writes = (3 * OPERATIONS + 2 * operations) / 5;
    await expectNothingNoticed(tandem, tabs, errors, { needless: 'any', writes });
  });
});
