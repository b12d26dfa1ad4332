import { indexedDbTokenStore } from '../src/index.js';
import { isRefresh, tabs } from './support/tabs.js';

describe('the client', () => {
  const given = tabs();
  const { open, signedIn, expire } = given;

  describe('if the store is damaged', () => {
    it.each([
      ['another type', 'text'],
      ['no refresh token', { session: { id: 'S' }, account: { id: 'A' } }],
      ['no session', { refreshToken: 'R', account: { id: 'A' } }],
      [
        'a token that no header can contain',
        { refreshToken: 'R', authToken: 'a\nb', session: { id: 'S' }, account: { id: 'A' } },
      ],
      ['the tokens of a recipe', { refreshToken: 'R', authToken: 'A', idempotencyKey: 'K', session: { id: 'S' } }],
    ])('takes %s for no tokens, and lets the user log in', async (_case, value) => {
      await damage(given.database, value);
      const tab = await open();
      expect(tab.client.session()).toBeUndefined();
      await expect(tab.read()).resolves.toBe('UNAUTHENTICATED');
      await tab.client.signIn(given.login);
      await expect(tab.read()).resolves.toBe('OK');
      expect(tab.events).toEqual(['signedIn']);
    });

    it.each([
      ['a number', 5],
      ['an object', {}],
      ['short', 'abc'],
    ])('takes tokens whose idempotency key is %s for none', async (_what, key) => {
      const tab = await signedIn();
      await tab.store.update((stored) => stored && { ...stored, key: key as string });
      await expect(tab.store.read()).resolves.toBeUndefined();
      await expect(tab.read()).resolves.toBe('UNAUTHENTICATED');
    });
  });

  describe('if the store fails', () => {
    /** A store in a browser that rejects everything from a moment on, such as when the quota is exceeded. */
    function failing(): { isFailing: boolean; restore(): void } {
      const state = { isFailing: false, restore: () => void (IDBDatabase.prototype.transaction = transaction) };
      const { transaction } = IDBDatabase.prototype;
      IDBDatabase.prototype.transaction = function (...parameters) {
        if (state.isFailing) throw new DOMException('full', 'QuotaExceededError');
        return transaction.apply(this, parameters);
      };
      return state;
    }
    let browser: ReturnType<typeof failing>;
    beforeEach(() => (browser = failing()));
    afterEach(() => browser.restore());

    it('keeps the tokens in memory, and says so once', async () => {
      await indexedDbTokenStore(given.database).read();
      browser.isFailing = true;
      const tab = await signedIn();
      await expect(tab.read()).resolves.toBe('OK');
      expire();
      await expect(tab.read()).resolves.toBe('OK');
      expect(tab.events).toEqual(['storeFailed', 'signedIn', 'refreshed']);
    });

    it('continues with the tokens that it has seen, without a key, because other tabs may have made one', async () => {
      const tab = await signedIn();
      browser.isFailing = true;
      expire();
      await expect(tab.read()).resolves.toBe('OK');
      expect(tab.events).toEqual(['signedIn', 'storeFailed', 'refreshed']);
      expect(tab.network.sent.find(isRefresh)?.variables.input.idempotencyKey).toBeUndefined();
    });

    it('opens a connection again that the browser has closed', async () => {
      const tab = await signedIn();
      const { transaction } = IDBDatabase.prototype;
      let failures = 0;
      IDBDatabase.prototype.transaction = function (...parameters) {
        if (failures++ === 0) throw new DOMException('The database connection is closing', 'InvalidStateError');
        return transaction.apply(this, parameters);
      };
      await expect(tab.read()).resolves.toBe('OK');
      expect(tab.events).toEqual(['signedIn']);
    });
  });
});

/** Writes something into the database, as another program or a bug may do. */
async function damage(name: string, value: unknown): Promise<void> {
  await indexedDbTokenStore(name).read();
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const transaction = request.result.transaction('tokens', 'readwrite');
      transaction.objectStore('tokens').put(value, 'tokens');
      transaction.oncomplete = () => {
        request.result.close();
        resolve();
      };
    };
  });
}
