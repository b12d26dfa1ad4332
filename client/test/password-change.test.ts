import { answer } from '../../test/client/answer.js';
import { PASSWORD } from '../../test/support/harness.js';
import type { TokenPair } from '../src/index.js';
import { CHANGE, loginPair, type Tab } from './support/tab.js';
import { isAlive, logouts, PLACES, tabsWithLogin } from './support/tabs.js';

describe.each(PLACES)('the client in %s when the password is changed', (_place, storage) => {
  const tabs = tabsWithLogin(storage);
  const { open, expire } = tabs;

  const change = { currentPassword: PASSWORD, newPassword: 'a staple of horses, mostly correct' };
  const changePassword = async (token: string | undefined): Promise<TokenPair> =>
    (await tabs.tandem.send(CHANGE, { change }, { token })).data.changePassword;

  /** The first read of this tab is told to refresh although its auth token is valid. */
  function refreshing(tab: Tab, duringRefresh: (deliver: () => Promise<Response>) => Promise<Response>): void {
    tab.network.intercept = async ({ operationName }, deliver) => {
      if (operationName === 'Refresh') return duringRefresh(deliver);
      const isFirst = tab.network.count('Read') === 1;
      return isFirst ? answer(401, 'UNAUTHENTICATED', 'REFRESH') : deliver();
    };
  }

  it('continues with the new pair when a refresh arrives after the change', async () => {
    const tab = await open();
    refreshing(tab, async (deliver) => {
      await tab.client.replace(await changePassword(tabs.login.authToken));
      return deliver();
    });
    await expect(tab.read()).resolves.toBe('OK');
    expect(logouts(tab)).toEqual([]);
  });

  it('continues with the new pair when a refresh is overtaken by the change', async () => {
    const tab = await open();
    let pair: TokenPair | undefined;
    refreshing(tab, async (deliver) => {
      const response = await deliver();
      pair = await changePassword(tabs.login.authToken);
      await tab.client.replace(pair);
      return response;
    });
    await expect(tab.read()).resolves.toBe('OK');
    expect((await tab.store.read())?.authToken).toBe(pair?.authToken);
  });

  it('waits for the new pair in the tabs that receive SUPERSEDED first', async () => {
    const pair = await changePassword(tabs.login.authToken);
    const [tab, other] = [await open(), await open()];
    tab.network.intercept = async ({ operationName }, deliver) => {
      const response = await deliver();
      if (operationName === 'Refresh') setImmediate(() => void other.client.replace(pair));
      return response;
    };
    await expect(tab.read()).resolves.toBe('OK');
    expect(logouts(tab)).toEqual([]);
  });

  it('replaces a pair that another tab has refreshed meanwhile', async () => {
    const tab = await open();
    expire();
    await tab.read();
    const pair = await changePassword((await tab.store.read())?.authToken);
    await tab.client.replace(pair);
    expect((await tab.store.read())?.authToken).toBe(pair.authToken);
  });

  it.each(['the logout', 'the next login'])('keeps nothing of a new pair that arrives after %s', async (event) => {
    const tab = await open();
    const pair = await changePassword(tabs.login.authToken);
    await tab.client.signOut();
    const next = event === 'the next login' ? await loginPair(tabs.tandem) : undefined;
    if (next) await tab.client.signIn(next);
    await tab.client.replace(pair);
    expect((await tab.store.read())?.authToken).toBe(next?.authToken);
    expect(await isAlive(tabs.tandem, pair.authToken)).toBe(false);
  });

  it('signs out if the new pair was lost', async () => {
    const tab = await open();
    await changePassword(tabs.login.authToken);
    await expect(tab.read()).resolves.toBe('UNAUTHENTICATED');
    expect(logouts(tab)).toEqual(['signedOut REFRESH_TOKEN_SUPERSEDED']);
  });
});
