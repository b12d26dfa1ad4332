import { until } from '../../test/support/until.js';
import { manualClock } from './support/manual-clock.js';
import { isRefresh, logouts, tabs } from './support/tabs.js';

const HOUR_AND_A_SECOND = 3601;
const DAY_MS = 86_400_000;
const LOGIN = 'mutation Login($input: LoginInput!) { login(input: $input) { authToken } }';

describe('the client', () => {
  const given = tabs();
  const { open, signedIn, expire } = given;

  describe('with the time', () => {
    it('refreshes before the auth token expires, without a rejected request', async () => {
      const tab = await signedIn();
      const refreshInMs = Date.parse(given.login.refreshAfter) - Date.parse(given.login.serverTime);
      tab.clock.advance(refreshInMs - 1000);
      await tab.read();
      expect(tab.network.count('Refresh')).toBe(0);
      tab.clock.advance(2000);
      await tab.read();
      await until(() => tab.events.includes('refreshed'));
      expect(tab.network.count('Refresh')).toBe(1);
      expect(tab.network.count('Read')).toBe(2);
    });

    it('waits for the refresh if the operation needs a token and it has expired', async () => {
      const tab = await signedIn({ operations: { Read: { token: true, retry: 'always' } } });
      tab.clock.advance(HOUR_AND_A_SECOND * 1000);
      expire();
      await expect(tab.read()).resolves.toBe('OK');
      expect(tab.network.sent.map(({ operationName }) => operationName)).toEqual(['Refresh', 'Read']);
    });

    it('sends no token with an operation that needs none', async () => {
      const tab = await signedIn({ operations: { Login: { token: false, retry: 'never' } } });
      await tab.send(LOGIN, { input: { email: 'a@example.com', password: 'wrong' } });
      expect(tab.network.sent.map(({ authorization }) => authorization)).toEqual([null]);
    });

    it.each([-DAY_MS, DAY_MS])(
      'works with a clock of the device that is off by %s ms, and one that jumps',
      async (offMs) => {
        const clock = manualClock();
        clock.adjust(offMs);
        const tab = await signedIn({ clock });
        const minutes = Math.round((tab.client.session()?.msUntil('authTokenExpiresAt') ?? 0) / 60_000);
        expect(minutes).toBe(60);
        await tab.read();
        clock.adjust(offMs);
        await tab.read();
        expect(tab.network.count('Refresh')).toBe(0);

        const other = await open({ clock });
        expire();
        await expect(other.read()).resolves.toBe('OK');
        await expect(tab.read()).resolves.toBe('OK');
        expect(tab.network.count('Refresh') + other.network.count('Refresh')).toBeLessThanOrEqual(2);
        expect([tab, other].map(logouts)).toEqual([[], []]);
      },
    );

    it('runs no timer while nothing is sent', async () => {
      const tab = await signedIn();
      await tab.read();
      expect(tab.clock.waits()).toEqual([]);
    });
  });

  describe('in a page', () => {
    const page = new EventTarget();
    beforeAll(() => {
      Object.assign(globalThis, { addEventListener: page.addEventListener.bind(page), document: { hidden: false } });
    });
    afterAll(() => {
      Reflect.deleteProperty(globalThis, 'addEventListener');
      Reflect.deleteProperty(globalThis, 'document');
    });

    it.each(['visibilitychange', 'online', 'pageshow'])('refreshes a token that has expired on %s', async (name) => {
      const tab = await signedIn();
      tab.clock.advance(HOUR_AND_A_SECOND * 1000);
      page.dispatchEvent(new Event(name));
      await until(() => tab.events.includes('refreshed'));
      expect(tab.network.sent.map(({ operationName }) => operationName)).toEqual(['Refresh']);
    });

    it('does nothing while it is hidden, or after dispose', async () => {
      const tab = await signedIn();
      tab.clock.advance(HOUR_AND_A_SECOND * 1000);
      Object.assign(globalThis, { document: { hidden: true } });
      page.dispatchEvent(new Event('visibilitychange'));
      Object.assign(globalThis, { document: { hidden: false } });
      tab.client.dispose();
      page.dispatchEvent(new Event('visibilitychange'));
      await tab.store.read();
      expect(tab.network.sent).toEqual([]);
    });

    it('resumes a refresh that waits as soon as it is online', async () => {
      const tab = await signedIn();
      tab.clock.skipBelowMs = 0;
      expire();
      tab.network.intercept = async (request, deliver) => {
        if (isRefresh(request) && tab.network.count('Refresh') === 1) throw new TypeError('offline');
        return deliver();
      };
      const reading = tab.read();
      await until(() => tab.clock.waits().length > 0);
      page.dispatchEvent(new Event('online'));
      await expect(reading).resolves.toBe('OK');
      expect(tab.network.count('Refresh')).toBe(2);
    });

    it('listens again after dispose, as React mounts twice in StrictMode', async () => {
      const tab = await signedIn();
      tab.client.dispose();
      let refreshes = 0;
      tab.client.on('refreshed', () => (refreshes += 1));
      tab.clock.advance(HOUR_AND_A_SECOND * 1000);
      page.dispatchEvent(new Event('pageshow'));
      await until(() => refreshes === 1);
      expect(tab.network.count('Refresh')).toBe(1);
      expect(tab.events).toEqual(['signedIn']);
    });
  });
});
