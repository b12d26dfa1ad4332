import { until } from '../../test/support/until.js';
import { CREATE, loginPair } from './support/tab.js';
import { logouts, tabs } from './support/tabs.js';

describe('the client', () => {
  const given = tabs();
  const { open, signedIn, expire } = given;

  it('stays signed out after a logout if another account is logged in in another tab', async () => {
    const tab = await signedIn();
    const other = await open();
    await other.client.signIn(await loginPair(given.tandem));
    await until(() => logouts(tab).length > 0);
    await tab.client.signOut();
    await expect(tab.read()).resolves.toBe('UNAUTHENTICATED');
    expect(tab.client.session()).toBeUndefined();
  });

  describe('when another tab', () => {
    it('logs out, says so at once', async () => {
      const [tab, other] = [await signedIn(), await open()];
      await other.client.signOut();
      await until(() => logouts(tab).length > 0);
      expect(tab.events).toEqual(['signedIn', 'signedOut SIGNED_OUT']);
      expect(tab.client.session()).toBeUndefined();
    });

    it('is told that the session was revoked, knows the reason too', async () => {
      const [tab, other] = [await signedIn(), await open()];
      await given.tandem.send('mutation ($i: LogoutInput) { logout(input: $i) { loggedOut } }', {
        i: { refreshToken: given.login.refreshToken },
      });
      await expect(other.read()).resolves.toBe('UNAUTHENTICATED');
      await until(() => logouts(tab).length > 0);
      expect([tab, other].map(logouts)).toEqual([['signedOut TOKEN_REVOKED'], ['signedOut TOKEN_REVOKED']]);
    });

    it.each(['logs in to another account', 'logs out and then in to another account'])(
      '%s, is signed out and never uses the tokens of that account',
      async (what) => {
        const [tab, other] = [await signedIn(), await open()];
        const next = await loginPair(given.tandem);
        if (what.includes('out')) await other.client.signOut();
        await other.client.signIn(next);
        await expect(tab.send(CREATE, { post: { title: 'Mine', body: '' } })).resolves.toBe('UNAUTHENTICATED');
        await expect(tab.read()).resolves.toBe('UNAUTHENTICATED');
        expect(logouts(tab)).toHaveLength(1);
        expect(tab.client.session()).toBeUndefined();
        expect(tab.network.sent.map(({ authorization }) => authorization)).not.toContain(`Bearer ${next.authToken}`);
        await expect(other.read()).resolves.toBe('OK');
      },
    );

    it('has logged in to another account, leaves that one signed in at a logout here', async () => {
      const [tab, other] = [await signedIn(), await open()];
      await other.client.signIn(await loginPair(given.tandem));
      await tab.client.signOut();
      await expect(other.read()).resolves.toBe('OK');
    });

    it('logs in again to the same account, is signed in', async () => {
      const person = await given.tandem.person();
      const [tab, other] = [await open(), await open()];
      await tab.client.signIn(await loginPair(given.tandem, person));
      await other.client.signOut();
      await until(() => logouts(tab).length > 0);
      await other.client.signIn(await loginPair(given.tandem, person));
      await until(() => tab.events.at(-1) === 'signedIn');
      await expect(tab.read()).resolves.toBe('OK');
    });

    it('receives a message, no token is in it', async () => {
      const messages: unknown[] = [];
      const channel = new BroadcastChannel(given.database);
      channel.onmessage = (event) => void messages.push((event as MessageEvent).data);
      const tab = await signedIn();
      expire();
      await tab.read();
      await tab.client.signOut();
      await until(() => messages.length >= 3);
      channel.close();
      expect(messages.filter(Boolean)).toEqual([]);
    });
  });
});
