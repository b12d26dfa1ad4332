import { answer } from '../../test/client/answer.js';
import type { TokenPair } from '../src/index.js';
import { READ, type Tab } from './support/tab.js';
import { isAlive, logouts, PLACES, tabsWithLogin } from './support/tabs.js';

const AFTER_GRACE = 11;

describe.each(PLACES)('the client in %s whose refresh token and key were copied', (_place, storage) => {
  const tabs = tabsWithLogin(storage);
  const { open, expire } = tabs;

  /** The thief has exchanged them, and used the auth token. */
  async function robbed(tab: Tab): Promise<TokenPair> {
    expire();
    tab.network.intercept = async ({ operationName }, deliver) =>
      operationName === 'Refresh' ? answer(400, 'BAD_REQUEST', 'FIX_INPUT') : deliver();
    await expect(tab.read()).resolves.toBe('BAD_REQUEST');
    tab.network.intercept = undefined;
    const { refreshToken = '', key } = (await tab.store.read()) ?? {};
    const { data } = await tabs.tandem.refresh(refreshToken, { key });
    await tabs.tandem.send(READ, {}, { token: data.refreshToken.authToken });
    tabs.tandem.clock.advance(AFTER_GRACE);
    return data.refreshToken;
  }

  it('is signed out after a grace period, with the reason, and the thief too', async () => {
    const tab = await open();
    const thief = await robbed(tab);
    expect(await isAlive(tabs.tandem, thief.authToken)).toBe(true);

    const startedAt = tab.clock.now();
    await expect(tab.read()).resolves.toBe('UNAUTHENTICATED');
    expect(tab.clock.now() - startedAt).toBe(10_000);
    expect(logouts(tab)).toEqual(['signedOut REFRESH_TOKEN_SUPERSEDED']);
    await expect(tab.store.read()).resolves.toBeUndefined();
    expect(await isAlive(tabs.tandem, thief.authToken)).toBe(false);
  });

  it('is signed out even if the server does not confirm the logout', async () => {
    const tab = await open();
    await robbed(tab);
    tab.network.intercept = async ({ operationName }, deliver) =>
      operationName === 'Logout' ? answer(503, 'SERVICE_UNAVAILABLE', 'RETRY') : deliver();
    await expect(tab.read()).resolves.toBe('UNAUTHENTICATED');
    expect(logouts(tab)).toEqual(['signedOut REFRESH_TOKEN_SUPERSEDED']);
  });

  it('continues with a pair that reaches the store within the grace period', async () => {
    const tab = await open();
    const newer = await robbed(tab);
    tab.network.intercept = async ({ operationName }, deliver) => {
      const response = await deliver();
      if (operationName === 'Refresh') setImmediate(() => void open().then(({ client }) => client.replace(newer)));
      return response;
    };
    await expect(tab.read()).resolves.toBe('OK');
    expect(logouts(tab)).toEqual([]);
  });
});
