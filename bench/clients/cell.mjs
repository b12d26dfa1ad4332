import { OPERATIONS, inTime } from './faults.mjs';
import { startServer } from './server.mjs';

/** Runs one client with one fault, in three tabs. Resolves to what went wrong. */
export async function runCell(browser, script, fault) {
  const server = await startServer(script);
  const pages = [];
  try {
    for (let number = 0; number < 3; number++) {
      const page = await browser.context.newPage();
      pages.push(page);
      await page.addInitScript(adaptPage, {
        clockOffsetMs: fault.clockOffsetMs ?? 0,
        isStorageBroken: Boolean(fault.isStorageBroken),
      });
      await page.goto(server.origin);
      await page.evaluate(() => tab.start());
      // With storage, the other tabs find the login of the first.
      if (number === 0 || fault.isStorageBroken) await page.evaluate(() => tab.logIn());
    }
    const { errors, isExpected, maxRefreshes } = await inTime(fault.run(cellOf(browser, server, pages, fault)));
    const signedIn = await Promise.all(pages.map((page) => page.evaluate(() => tab.isSignedIn())));
    return describe({
      errors,
      signedIn,
      isExpected,

      tooMany: server.refreshes > maxRefreshes && server.refreshes,
    });
  } catch (error) {
    return {
      isFailed: true,
      text: /hangs/.test(error.message)
        ? 'hangs'
        : error.message.split('\n')[0].replace('page.evaluate: ', '').slice(0, 80),
    };
  } finally {
    await browser.context.setOffline(false);
    await Promise.all(pages.map((page) => page.close({ runBeforeUnload: false })));
    await server.close();
  }
}

function cellOf(browser, server, pages, fault) {
  const operateIn = (number, count = OPERATIONS) => pages[number].evaluate((some) => tab.operate(some), count);
  return {
    server,
    operateIn,
    operate: async () => (await Promise.all([0, 1, 2].map((number) => operateIn(number)))).flat(),
    logOut: (number) => pages[number].evaluate(() => tab.logOut()),
    setOffline: (isOffline) => browser.context.setOffline(isOffline),
    async setLifecycle(number, state) {
      await pages[number === 0 ? 2 : 0].bringToFront();
      const devTools = await browser.context.newCDPSession(pages[number]);
      await devTools.send('Page.setWebLifecycleState', { state });
      await devTools.detach();
    },
    /** Time passes for the server and all tabs. */
    async pass(ms) {
      server.offsetMs += ms;
      await Promise.all(
        pages.map((page) => page.evaluate(([some, asleep]) => passTime(some, asleep), [ms, Boolean(fault.isAsleep)])),
      );
    },
  };
}

function describe({ errors, signedIn, isExpected, tooMany }) {
  const isFailed = errors.length > 0 || !isExpected(signedIn);
  const users = signedIn.filter(Boolean).length;
  const parts = [
    !isExpected(signedIn) && `${users} of 3 tabs signed in`,
    errors.length > 0 && `${errors.length} errors`,
    tooMany && `${tooMany} refreshes`,
  ];
  return { isFailed, text: parts.filter(Boolean).join(', ') || 'ok', errors: [...new Set(errors)] };
}

/** Runs in the page, before its scripts. */
function adaptPage({ clockOffsetMs, isStorageBroken }) {
  const [RealDate, now] = [Date, Date.now];
  const monotonic = performance.now.bind(performance);
  let [wallMs, passedMs] = [clockOffsetMs, 0];
  globalThis.Date = class extends RealDate {
    constructor(...values) {
      if (values.length > 0) super(...values);
      else super(now() + wallMs);
    }
    static now = () => now() + wallMs;
  };
  performance.now = () => monotonic() + passedMs;
  globalThis.passTime = (ms, isAsleep) => {
    wallMs += ms;
    if (!isAsleep) passedMs += ms;
  };
  if (!isStorageBroken) return;
  const fail = () => {
    throw new DOMException('Storage is disabled', 'SecurityError');
  };
  indexedDB.open = fail;
  Storage.prototype.getItem = Storage.prototype.setItem = Storage.prototype.removeItem = fail;
}
