import { build } from 'esbuild';
import type { BrowserContext, Page } from 'playwright-core';
import { PASSWORD, type Person, type Tandem } from '../../support/harness.js';
import { serveFrontEnd, type FrontEndServer } from './front-end-server.js';
import type { TabPage } from './tab-page.js';

declare const tab: TabPage;

export interface ThreeTabs {
  frontEnd: FrontEndServer;
  pages: [Page, Page, Page];
  person: Person;
  logIn(page: Page): Promise<void>;
  /** Executes so many operations in each tab. Returns the errors that a user would see. */
  operate(count: number): Promise<string[]>;
  /** Resolves when all tabs have had such an event. */
  allHave(event: string): Promise<void>;
  /** Resolves when all tabs use the tokens of the account. */
  allHaveAccount(): Promise<void>;
  /** The events of each tab. */
  events(): Promise<string[][]>;
  /** The account that is signed in, by tab. */
  accounts(): Promise<(string | undefined)[]>;
  close(): Promise<void>;
}

/** The script of the page, with the development build of React, which mounts twice in strict mode. */
export async function bundledPage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: ['test/client/support/tab-page.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"development"' },
  });
  return outputFiles[0]?.text ?? '';
}

/** Opens three tabs of one front-end, with an empty store, and logs in in the first: all have its tokens if the store works. */
export async function openThreeTabs(
  context: BrowserContext,
  tandem: Tandem,
  script: string,
  { clockOffsetMs = 0, isStoreBroken = false, isStrict = false } = {},
): Promise<ThreeTabs> {
  const frontEnd = await serveFrontEnd(tandem.url, script);
  const person = await tandem.person();

  async function open(number: number): Promise<Page> {
    const page = await context.newPage();
    await page.addInitScript(offsetClock, clockOffsetMs);
    await page.goto(`${frontEnd.origin}/?tab=${number}`);
    if (isStoreBroken) await page.evaluate(() => tab.breakStore());
    await page.evaluate((strict) => tab.start(strict), isStrict);
    return page;
  }
  const pages: ThreeTabs['pages'] = [await open(1), await open(2), await open(3)];
  const inAll = <T>(act: (page: Page) => Promise<T>) => Promise.all(pages.map(act));

  const tabs: ThreeTabs = {
    frontEnd,
    pages,
    person,
    logIn: (page) =>
      page.evaluate(([email, password]) => tab.logIn(email, password), [person.email, PASSWORD] as const),
    operate: async (count) => (await inAll((page) => page.evaluate((some) => tab.operate(some), count))).flat(),
    async allHave(event) {
      const has = (name: string) => tab.events.some((one) => one.startsWith(name));
      await inAll((page) => page.waitForFunction(has, event, { polling: 20, timeout: 60_000 }));
    },
    async allHaveAccount() {
      const has = (id: string) => tab.accountId() === id;
      await inAll((page) => page.waitForFunction(has, person.id, { polling: 20, timeout: 60_000 }));
    },
    events: () => inAll((page) => page.evaluate(() => tab.events)),
    accounts: () => inAll((page) => page.evaluate(() => tab.accountId())),
    async close() {
      await inAll((page) => page.close());
      await frontEnd.close();
    },
  };
  await tabs.logIn(pages[0]);
  if (!isStoreBroken) await tabs.allHave('signedIn');
  return tabs;
}

/** Runs in the page, before its scripts. */
function offsetClock(ms: number): void {
  const { now } = Date;
  Date.now = () => now() + ms;
}
