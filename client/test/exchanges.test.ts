import { gate } from '../../test/client/wire.js';
import type { TokenStore } from '../src/index.js';
import { loginPair, type Tab } from './support/tab.js';
import { logouts, PLACES, tabsWithLogin } from './support/tabs.js';

const AFTER_GRACE = 11;

describe.each(PLACES)('the client in %s', (_place, storage) => {
  const tabs = tabsWithLogin(storage);
  const { open, expire } = tabs;
  const sentInputs = (...from: Tab[]) =>
    from.flatMap(({ network }) =>
      network.sent.flatMap(({ operationName, variables }) => (operationName === 'Refresh' ? [variables.input] : [])),
    );

  it('exchanges a token with one key in all tabs, which all receive the same successor', async () => {
    const three = [await open(), await open(), await open()];
    for (let hour = 0; hour < 2; hour += 1) {
      expire();
      await expect(Promise.all(three.map((tab) => tab.read()))).resolves.toEqual(['OK', 'OK', 'OK']);
    }
    const inputs = sentInputs(...three);
    expect(new Set(inputs.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(2);
    expect(new Set(inputs.map(({ refreshToken }) => refreshToken)).size).toBe(2);
    expect(three.map(logouts)).toEqual([[], [], []]);
  });

  it('stores a pair without a key before it uses the auth token', async () => {
    const tab = await open();
    expire();
    tab.network.intercept = async ({ operationName, authorization }, deliver) => {
      const stored = await tab.store.read();
      if (operationName === 'Read') expect(authorization).toBe(`Bearer ${stored?.authToken}`);
      return deliver();
    };
    await expect(tab.read()).resolves.toBe('OK');
    const stored = await tab.store.read();
    expect(stored).toMatchObject({ session: tabs.login.session, account: tabs.login.account });
    expect(stored?.key).toBeUndefined();
    expect(stored?.authToken).not.toBe(tabs.login.authToken);
  });

  it('keeps a newer login when a request with an older token is rejected', async () => {
    const [tab, other] = [await open(), await open()];
    const next = await loginPair(tabs.tandem);
    tab.network.intercept = async (_request, deliver) => {
      await other.client.signOut();
      await other.client.signIn(next);
      return deliver();
    };
    await expect(tab.read()).resolves.toBe('UNAUTHENTICATED');
    await expect(tab.store.read()).resolves.toMatchObject({ authToken: next.authToken });
    expect(tab.client.session()).toBeUndefined();
  });

  it('uses the pair of another tab without an exchange', async () => {
    const [busy, idle] = [await open(), await open()];
    for (let hour = 0; hour < 3; hour += 1) {
      expire();
      await expect(busy.read()).resolves.toBe('OK');
    }
    await expect(idle.read()).resolves.toBe('OK');
    expect(idle.network.count('Refresh')).toBe(0);
  });

  it.each([1, 3])('continues when a request arrives %s exchanges late', async (exchanges) => {
    const [stalled, other] = [await open(), await open()];
    const arrival = gate();
    stalled.network.intercept = async ({ operationName }, deliver) => {
      if (operationName === 'Refresh') await arrival.opened;
      return deliver();
    };
    expire();
    const reading = stalled.read();
    for (let exchange = 0; exchange < exchanges; exchange += 1) {
      if (exchange > 0) expire();
      await expect(other.read()).resolves.toBe('OK');
    }
    tabs.tandem.clock.advance(AFTER_GRACE);
    arrival.open();
    await expect(reading).resolves.toBe('OK');
    expect(await stalled.store.read()).toEqual(await other.store.read());
    expect([stalled, other].map(logouts)).toEqual([[], []]);
  });

  it('does not overwrite a newer pair with a late response', async () => {
    const [stalled, other] = [await open(), await open()];
    const arrival = gate();
    stalled.network.intercept = async ({ operationName }, deliver) => {
      const response = await deliver();
      if (operationName === 'Refresh') await arrival.opened;
      return response;
    };
    expire();
    const reading = stalled.read();
    await expect(other.read()).resolves.toBe('OK');
    expire();
    await expect(other.read()).resolves.toBe('OK');
    const newest = await other.store.read();
    arrival.open();
    await expect(reading).resolves.toBe('OK');
    await expect(stalled.store.read()).resolves.toEqual(newest);
  });

  it.each(['immediately', 'after an hour'])('continues %s after a reload at any point', async (when) => {
    let points = 0;
    for (let done = false; !done; points += 1) {
      const login = await loginPair(tabs.tandem);
      await (await open()).client.signIn(login);
      expire();
      const page = closingAfter(points);
      const reading = open({ fetch: page.step(fetch) }, storeOf(tabs.store(), page.step)).then((tab) => tab.read());
      done = (await Promise.race([reading, page.closed])) === 'OK';

      if (when === 'after an hour') expire();
      const reloaded = await open();
      await expect(reloaded.read()).resolves.toBe('OK');
      await expect(reloaded.read()).resolves.toBe('OK');
      expect(logouts(reloaded)).toEqual([]);
    }
    expect(points).toBeGreaterThan(10);
  });
});

type Step = <A extends unknown[], R>(action: (...parameters: A) => Promise<R>) => (...parameters: A) => Promise<R>;

/** A page that is closed before or after one of its actions: nothing of it happens any more. */
function closingAfter(points: number): { closed: Promise<void>; step: Step } {
  const { opened: closed, open: close } = gate();
  let passed = 0;
  async function pass(): Promise<void> {
    passed += 1;
    if (passed <= points) return;
    close();
    await new Promise<never>(() => undefined);
  }
  return {
    closed,
    step:
      (action) =>
      async (...parameters) => {
        await pass();
        const result = await action(...parameters);
        await pass();
        return result;
      },
  };
}

function storeOf(store: TokenStore, step: Step): TokenStore {
  return { ...store, read: step(store.read), update: step(store.update) };
}
