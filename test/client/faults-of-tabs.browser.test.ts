import { startTandem, type Person, type Tandem } from '../support/harness.js';
import { holdRefresh, inTheMiddle } from './support/faults.js';
import { exchangedTokens, needlessRefreshes } from './support/needless-refreshes.js';
import { expectNothingNoticed, OPERATIONS_PER_TAB } from './support/nothing-noticed.js';
import type { TabPage } from './support/tab-page.js';
import { startTabbedBrowser, type TabbedBrowser } from './support/tabbed-browser.js';
import { bundledPage, openThreeTabs, type ThreeTabs } from './support/three-tabs.js';

declare const tab: TabPage;

const REVOKE = `mutation Revoke($input: RevokeSessionInput!) { revokeSession(input: $input) { revokedSessionId } }`;
const DAY_MS = 86_400_000;
const EIGHT_HOURS = 8 * 3600;

describe('three tabs with auth tokens of two seconds', () => {
  let browser: TabbedBrowser;
  let tandem: Tandem;
  let script: string;
  let tabs: ThreeTabs;
  beforeAll(async () => {
    [browser, script, tandem] = await Promise.all([
      startTabbedBrowser(),
      bundledPage(),
      startTandem({ AUTH_TOKEN_TTL_SECONDS: '2' }),
    ]);
  });
  afterEach(() => tabs?.close());
  afterAll(async () => {
    await browser?.close();
    await tandem?.close();
  });

  const open = async (options?: Parameters<typeof openThreeTabs>[3]) =>
    (tabs = await openThreeTabs(browser.context, tandem, script, options));
  const operate = () => tabs.operate(OPERATIONS_PER_TAB);

  it('refresh once per expiry with a clock that is a day ahead', async () => {
    await open({ clockOffsetMs: DAY_MS });
    await expectNothingNoticed(tandem, tabs, await operate());
  });

  it('refresh once per expiry with a clock that is a day behind', async () => {
    await open({ clockOffsetMs: -DAY_MS });
    await expectNothingNoticed(tandem, tabs, await operate());
    // The tabs know when a token expires: the server rejects none.
    const rejected = tabs.frontEnd.requests.filter(({ reply }) => reply?.status === 401);
    expect(rejected.length).toBeLessThan(exchangedTokens(tabs.frontEnd.requests));
  });

  it('refresh once after a sleep of eight hours, which a monotonic clock does not count', async () => {
    await open();
    // The clocks of the tabs stand still meanwhile.
    inTheMiddle(tabs.frontEnd, async () => tandem.clock.advance(EIGHT_HOURS));
    await expectNothingNoticed(tandem, tabs, await operate(), { needless: 'any' });
    const needless = needlessRefreshes(tabs.frontEnd.requests);
    // The clock of this test did not count the sleep either.
    expect(needless.filter((problem) => !problem.endsWith('before it was due'))).toEqual([]);
    expect(needless.length).toBeLessThan(2);
  });

  it('log in separately and continue in memory when the store throws', async () => {
    const { pages, allHave, logIn } = await open({ isStoreBroken: true });
    await Promise.all([logIn(pages[1]), logIn(pages[2])]);
    await expectNothingNoticed(tandem, tabs, await operate());
    await allHave('storeFailed');
  });

  it('refresh once per expiry, and notice a logout, under the double mount of React', async () => {
    const { pages, allHave } = await open({ isStrict: true });
    await expectNothingNoticed(tandem, tabs, await operate());
    await pages[0].evaluate(() => tab.signOut());
    await allHave('signedOut');
    expect(await tabs.accounts()).toEqual([undefined, undefined, undefined]);
  });

  it('stay logged out when one logs out during a refresh, until the next login', async () => {
    const { pages, person } = await open();
    const { held, release } = holdRefresh(tabs.frontEnd);
    const operating = operate();
    await held;
    expect(await pages[1].evaluate(() => tab.signOut())).toBe(true);
    release();
    expect(new Set(await operating)).toEqual(new Set(['UNAUTHENTICATED']));
    await tabs.allHave('signedOut');
    expect(await tabs.accounts()).toEqual([undefined, undefined, undefined]);
    const where = { accountId: person.id, endedAt: null };
    expect(await tandem.database.session.count({ where })).toBe(0);

    await tabs.logIn(pages[2]);
    await tabs.allHaveAccount();
    expect(await tabs.operate(5)).toEqual([]);
    expect(await tandem.database.session.count({ where })).toBe(1);
  });

  it('all notice with their next request that their session was revoked elsewhere', async () => {
    const { person } = await open();
    await expectNothingNoticed(tandem, tabs, await operate());
    await revokeElsewhere(tandem, person);
    await expectAllSignedOut(/ (REFRESH_)?TOKEN_REVOKED$/);
  });

  it('all notice a revocation also while their auth token would be valid for an hour', async () => {
    const hourly = await startTandem();
    const { person } = (tabs = await openThreeTabs(browser.context, hourly, script));
    expect(await tabs.operate(1)).toEqual([]);
    await revokeElsewhere(hourly, person);
    await expectAllSignedOut(/ TOKEN_REVOKED$/);
    await hourly.close();
  });

  async function expectAllSignedOut(reason: RegExp): Promise<void> {
    expect(await tabs.operate(1)).toEqual(Array(3).fill('UNAUTHENTICATED'));
    await tabs.allHave('signedOut');
    const signedOut = (await tabs.events()).flat().filter((event) => event.startsWith('signedOut'));
    expect(signedOut).toHaveLength(3);
    expect(signedOut).toContainEqual(expect.stringMatching(reason));
    expect(await tabs.accounts()).toEqual([undefined, undefined, undefined]);
  }
});

/** Logs in in another browser, and revokes the other session from there. */
async function revokeElsewhere(tandem: Tandem, person: Person): Promise<void> {
  const { authToken: token } = await tandem.login(person);
  const { me } = (await tandem.send('{ me { sessions { id current } } }', {}, { token })).data;
  const { id: sessionId } = me.sessions.find(({ current }: { current: boolean }) => !current);
  await tandem.send(REVOKE, { input: { sessionId } }, { token });
}
