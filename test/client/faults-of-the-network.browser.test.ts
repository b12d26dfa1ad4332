import { startTandem, type Tandem } from '../support/harness.js';
import { startServerProcess, type ServerProcess } from '../support/program.js';
import { makeScratch, type Scratch } from '../support/scratch.js';
import { until } from '../support/until.js';
import { enoughOfBoth, html, injectFault, isRefresh, plain } from './support/faults.js';
import type { Fault, Reply } from './support/front-end-server.js';
import { expectNothingNoticed, OPERATIONS_PER_TAB } from './support/nothing-noticed.js';
import { startTabbedBrowser, type TabbedBrowser } from './support/tabbed-browser.js';
import { bundledPage, openThreeTabs, type ThreeTabs } from './support/three-tabs.js';

const SETTINGS = { AUTH_TOKEN_TTL_SECONDS: '2', REFRESH_GRACE_SECONDS: '1' };
const GRACE_MS = 1000;

describe('three tabs with auth tokens of two seconds', () => {
  let browser: TabbedBrowser;
  let tandem: Tandem;
  let script: string;
  let tabs: ThreeTabs;
  let scratch: Scratch;
  let server: ServerProcess | undefined;
  beforeAll(async () => {
    scratch = makeScratch();
    [browser, script, tandem] = await Promise.all([startTabbedBrowser(), bundledPage(), startTandem(SETTINGS)]);
  });
  beforeEach(async () => {
    tabs = await openThreeTabs(browser.context, tandem, script);
  });
  afterEach(async () => {
    await tabs?.close();
    await server?.kill();
  });
  afterAll(async () => {
    await browser?.close();
    await tandem?.close();
    scratch.remove();
  });

  const operate = () => tabs.operate(OPERATIONS_PER_TAB);

  it('refresh once per expiry', async () => {
    await expectNothingNoticed(tandem, tabs, await operate());
  });

  it('outlast 503, from a load balancer and from the server', async () => {
    const replies = [plain(503), plain(503, { 'retry-after': '1' })];
    const fault = injectFault(tabs.frontEnd, async () => nextOf(replies), enoughOfBoth);
    await expectNothingNoticed(tandem, tabs, await operate());
    expect(fault.isOver()).toBe(true);
  });

  it('send nothing again after 429 before Retry-After is over', async () => {
    const { met, isOver } = injectFault(tabs.frontEnd, async () => plain(429, { 'retry-after': '1' }), enoughOfBoth);
    await expectNothingNoticed(tandem, tabs, await operate());
    expect(isOver()).toBe(true);
    for (const rejected of met) {
      const { tab, operation, repliedAt = 0 } = rejected;
      const next = tabs.frontEnd.requests.find(
        (other) => other.tab === tab && other.operation === operation && other.receivedAt > repliedAt,
      );
      expect((next?.receivedAt ?? Infinity) - repliedAt).toBeGreaterThan(950);
    }
  });

  it('outlast the HTML pages of a proxy', async () => {
    const replies = [html(200), html(502)];
    const fault = injectFault(tabs.frontEnd, async () => nextOf(replies), enoughOfBoth);
    await expectNothingNoticed(tandem, tabs, await operate());
    expect(fault.isOver()).toBe(true);
  });

  it('receive the same successor, and write once, when responses were lost for longer than the grace period', async () => {
    const lost: Fault = async (_request, deliver) => void (await deliver());
    const { met, isOver } = injectFault(tabs.frontEnd, lost, (requests) => {
      const [first, ...others] = requests.filter(isRefresh);
      return others.some(({ receivedAt }) => receivedAt - (first?.repliedAt ?? Infinity) > GRACE_MS);
    });
    await expectNothingNoticed(tandem, tabs, await operate());
    expect(isOver()).toBe(true);
    expect(met.map(({ operation }) => operation)).toEqual(expect.arrayContaining(['Read', 'Refresh']));
  });

  it('stay logged in when a refresh reaches the server a grace period after its retry did', async () => {
    let late: (() => Promise<Reply>) | undefined;
    let lateToken: string | undefined;
    let rotatedAt = 0;
    let arrived: Reply | undefined;
    tabs.frontEnd.fault = async (request, deliver) => {
      if (!isRefresh(request)) return deliver();
      if (!late) {
        [late, lateToken] = [deliver, request.refreshToken];
        return undefined;
      }
      if (!arrived && request.refreshToken !== lateToken) {
        await until(() => performance.now() - rotatedAt > GRACE_MS + 100);
        arrived = await late();
      }
      const reply = await deliver();
      rotatedAt = performance.now();
      return reply;
    };
    await expectNothingNoticed(tandem, tabs, await operate());
    expect(arrived?.body).toContain('REFRESH_TOKEN_SUPERSEDED');
  });

  it('outlast being offline', async () => {
    let failed = 0;
    browser.context.on('requestfailed', () => {
      failed++;
      if (failed === 9) void browser.context.setOffline(false);
    });
    const { isOver } = injectFault(
      tabs.frontEnd,
      async () => void (await browser.context.setOffline(true)),
      () => true,
    );
    await expectNothingNoticed(tandem, tabs, await operate(), { needless: 'any' });
    expect(isOver()).toBe(true);
    expect(failed).toBeGreaterThan(8);
  });

  it('outlast kill -9 of the server, in the middle of a refresh', async () => {
    const start = async () => {
      server = await startServerProcess(scratch.path, {
        ...SETTINGS,
        DATABASE_URL: tandem.config.database.url,
        KEY_RING_FILE: tandem.keyRingPath,
      });
      tabs.frontEnd.target = server.url;
    };
    await start();
    let restarted: Promise<void> | undefined;
    injectFault(
      tabs.frontEnd,
      (request, deliver) => {
        const reply = deliver();
        if (isRefresh(request)) restarted = server?.kill().then(start);
        return reply;
      },
      (met) => met.some(isRefresh),
    );
    const errors = await operate();
    expect(restarted).toBeDefined();
    await restarted;
    await expectNothingNoticed(tandem, tabs, errors);
  });
});

/** The first, which becomes the last. */
function nextOf<T>(values: T[]): T {
  const value = values.shift() as T;
  values.push(value);
  return value;
}
