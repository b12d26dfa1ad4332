import { gate } from '../../test/client/wire.js';
import { loginPair, type Tab } from './support/tab.js';
import { isRefresh, tabs } from './support/tabs.js';

const LOGIN = 'mutation Login($input: LoginInput!) { login(input: $input) { authToken } }';

describe('the client', () => {
  const given = tabs();
  const { signedIn, expire } = given;

  describe('while a refresh hangs', () => {
    async function hung(): Promise<{ tab: Tab; reading: Promise<string> }> {
      const tab = await signedIn();
      const sent = gate();
      expire();
      tab.network.intercept = async (request, deliver) => {
        if (!isRefresh(request)) return deliver();
        sent.open();
        return new Promise(() => undefined);
      };
      const reading = tab.read();
      await sent.opened;
      return { tab, reading };
    }

    it('sends a given.login, and requests of the next session', async () => {
      const { tab } = await hung();
      await expect(tab.send(LOGIN, { input: { email: 'a@example.com', password: 'wrong' } })).resolves.toBe(
        'INVALID_CREDENTIALS',
      );
      await tab.client.signIn(await loginPair(given.tandem));
      await expect(tab.read()).resolves.toBe('OK');
    });

    it('logs out', async () => {
      const { tab } = await hung();
      await expect(tab.client.signOut()).resolves.toBe(true);
      await expect(tab.store.read()).resolves.toBeUndefined();
    });

    it('gives the refresh up after a grace period, and retries it with the same key', async () => {
      const { tab, reading } = await hung();
      tab.network.intercept = undefined;
      tab.clock.advance(10_000);
      await expect(reading).resolves.toBe('OK');
      const keys = tab.network.sent.filter(isRefresh).map(({ variables }) => variables.input.idempotencyKey);
      expect(keys).toEqual([expect.any(String), keys[0]]);
    });
  });
});
