import { answer } from '../../test/client/answer.js';
import { gate } from '../../test/client/wire.js';
import type { TokenPair } from '../src/index.js';
import { loginPair } from './support/tab.js';
import { isAlive, logouts, PLACES, tabsWithLogin } from './support/tabs.js';

describe.each(PLACES)('the client in %s after a logout', (_place, storage) => {
  const tabs = tabsWithLogin(storage);
  const { open, expire } = tabs;

  it.each(['request', 'response'])('keeps nothing of a refresh whose %s is in flight', async (part) => {
    const tab = await open();
    const [sent, arrival] = [gate(), gate()];
    let received: TokenPair | undefined;
    tab.network.intercept = async ({ operationName }, deliver) => {
      if (operationName !== 'Refresh') return deliver();
      const early = part === 'response' ? await deliver() : undefined;
      sent.open();
      await arrival.opened;
      const response = early ?? (await deliver());
      received = (await response.clone().json()).data?.refreshToken;
      return response;
    };
    expire();
    const reading = tab.read();
    await sent.opened;
    await expect(tab.client.signOut()).resolves.toBe(true);
    await expect(tab.store.read()).resolves.toBeUndefined();
    arrival.open();
    await expect(reading).resolves.toBe('UNAUTHENTICATED');
    await expect(tab.store.read()).resolves.toBeUndefined();
    expect(Boolean(received)).toBe(part === 'response');
    expect(received && (await isAlive(tabs.tandem, received.authToken))).toBeFalsy();
    expect(logouts(tab)).toEqual(['signedOut SIGNED_OUT']);
  });

  it.each([
    ['is empty', async () => undefined],
    ['holds another session', async () => loginPair(tabs.tandem)],
  ])(
    'revokes a pair that arrives when the store %s, if the server has not received the logout',
    async (_case, login) => {
      const tab = await open();
      const [sent, arrival] = [gate(), gate()];
      let received: TokenPair | undefined;
      tab.network.intercept = async ({ operationName }, deliver) => {
        if (operationName !== 'Refresh') return deliver();
        sent.open();
        await arrival.opened;
        const response = await deliver();
        received = (await response.clone().json()).data?.refreshToken;
        return response;
      };
      expire();
      const reading = tab.read();
      await sent.opened;
      await tab.store.update(() => undefined);
      const next = await login();
      if (next) await (await open()).client.signIn(next);
      arrival.open();
      await expect(reading).resolves.toBe('UNAUTHENTICATED');
      expect(received).toBeDefined();
      expect(await isAlive(tabs.tandem, received?.authToken)).toBe(false);
      expect((await tab.store.read())?.session.id).toBe(next?.session.id);
    },
  );

  it.each([
    ['an error arrives', async () => answer(503, 'SERVICE_UNAVAILABLE', 'RETRY')],
    ['a page of a proxy arrives', async () => new Response('<h1>Bad gateway</h1>', { status: 502 })],
    ['it is offline', () => Promise.reject(new TypeError('fetch failed'))],
  ])('has no tokens even if %s, and says that the server has not confirmed it', async (_case, reply) => {
    const tab = await open();
    tab.network.intercept = reply;
    await expect(tab.client.signOut()).resolves.toBe(false);
    await expect(tab.store.read()).resolves.toBeUndefined();
    expect(tab.client.session()).toBeUndefined();
  });

  it('has revoked the session even if its auth token has expired', async () => {
    const tab = await open();
    expire();
    await tab.client.signOut();
    const reply = await tabs.tandem.refresh(tabs.login.refreshToken);
    expect(reply.errors?.[0]?.extensions['reason']).toBe('REFRESH_TOKEN_REVOKED');
  });

  it('is signed out in the other tabs, each of which is told once', async () => {
    const [here, other] = [await open(), await open()];
    await other.read();
    await here.client.signOut();
    for (const tab of [here, other, other]) await expect(tab.read()).resolves.toBe('UNAUTHENTICATED');
    expect([here, other].map(logouts)).toEqual([['signedOut SIGNED_OUT'], ['signedOut SIGNED_OUT']]);
  });

  it.each([
    ['the auth token has expired', async () => expire()],
    [
      'the refresh token was just exchanged',
      async (pair: TokenPair) => void (await tabs.tandem.refresh(pair.refreshToken)),
    ],
  ])('everywhere has revoked all sessions, even if %s', async (_case, happen) => {
    const person = await tabs.tandem.person();
    const [here, elsewhere] = [await loginPair(tabs.tandem, person), await loginPair(tabs.tandem, person)];
    const tab = await open();
    await tab.client.signIn(here);
    await happen(here);
    await expect(tab.client.signOut({ everywhere: true })).resolves.toBe(true);
    const reply = await tabs.tandem.refresh(elsewhere.refreshToken);
    expect(reply.errors?.[0]?.extensions['reason']).toBe('REFRESH_TOKEN_REVOKED');
  });

  it('leaves the next login alone, and retries no request with its token', async () => {
    const [stalled, other] = [await open(), await open()];
    const [sent, arrival] = [gate(), gate()];
    stalled.network.intercept = async ({ operationName }, deliver) => {
      if (operationName === 'Refresh') {
        sent.open();
        await arrival.opened;
      }
      return deliver();
    };
    expire();
    const reading = stalled.read();
    await sent.opened;
    await other.client.signOut();
    const next = await loginPair(tabs.tandem);
    await other.client.signIn(next);
    arrival.open();
    await expect(reading).resolves.toBe('UNAUTHENTICATED');
    expect(stalled.network.count('Read')).toBe(1);
    await expect(stalled.store.read()).resolves.toMatchObject({ authToken: next.authToken });
  });
});
