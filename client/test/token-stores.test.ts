import { randomUUID } from 'node:crypto';
import { startTandem, type Tandem } from '../../test/support/harness.js';
import '../../test/support/fake-indexed-db.mjs';
import {
  indexedDbTokenStore,
  memoryTokenStore,
  secureTokenStore,
  tabTokenStore,
  webStorageTokenStore,
  type StoredTokens,
  type TokenStore,
} from '../src/index.js';
import { loginPair, openTab } from './support/tab.js';

const HOUR_AND_A_SECOND = 3601;
const first: StoredTokens = {
  authToken: 'A1',
  refreshToken: 'R1',
  serverTime: '2026-01-01T00:00:00.000Z',
  refreshAfter: '2026-01-01T00:50:00.000Z',
  authTokenExpiresAt: '2026-01-01T01:00:00.000Z',
  refreshTokenExpiresAt: '2026-01-15T00:00:00.000Z',
  session: { id: 'S' },
  account: { id: 'A' },
  storedAtMs: 0,
};

/** The part of Storage that the stores use. */
function fakeStorage(): Storage & { values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    length: 0,
    key: () => null,
    clear: () => values.clear(),
    getItem: (name) => values.get(name) ?? null,
    setItem: (name, value) => void values.set(name, value),
    removeItem: (name) => void values.delete(name),
  };
}

/** Expo's SecureStore, each call of which takes a turn of the event loop. */
function fakeSecureStore() {
  const values = new Map<string, string>();
  const later = () => new Promise((resolve) => setImmediate(resolve));
  return {
    values,
    getItemAsync: async (name: string) => (await later(), values.get(name) ?? null),
    setItemAsync: async (name: string, value: string) => (await later(), void values.set(name, value)),
    deleteItemAsync: async (name: string) => (await later(), void values.delete(name)),
  };
}

/** Three tabs, or three parts of one process. */
const PLACES: [string, () => TokenStore[]][] = [
  ['memoryTokenStore', () => Array<TokenStore>(3).fill(memoryTokenStore())],
  ['secureTokenStore', () => Array<TokenStore>(3).fill(secureTokenStore(fakeSecureStore()))],
  [
    'indexedDbTokenStore',
    () =>
      Array.from(
        { length: 3 },
        (
          (name) => () =>
            indexedDbTokenStore(name)
        )(randomUUID()),
      ),
  ],
];

describe.each(PLACES)('%s', (_name, open) => {
  const tabs = open();
  const tab = (index: number): TokenStore => tabs[index] as TokenStore;
  beforeEach(() => tab(0).update(() => undefined));

  it('shows every tab what another has stored or discarded', async () => {
    await expect(tab(1).read()).resolves.toBeUndefined();
    await expect(tab(0).update(() => first)).resolves.toEqual(first);
    await expect(tab(1).read()).resolves.toEqual(first);
    await expect(tab(0).update(() => undefined)).resolves.toBeUndefined();
    await expect(tab(1).read()).resolves.toBeUndefined();
  });

  it('lets all tabs agree on the key of whichever was first', async () => {
    await tab(0).update(() => first);
    const keys = await Promise.all(
      tabs.map(async (store, index) => {
        const stored = await store.update((tokens) => tokens && { ...tokens, key: tokens.key ?? `key of ${index}` });
        return stored?.key;
      }),
    );
    expect(new Set(keys).size).toBe(1);
  });

  it('stores nothing else between what a change reads and what it stores', async () => {
    await tab(0).update(() => ({ ...first, refreshToken: '0' }));
    const increment = (store: TokenStore) =>
      store.update((tokens) => tokens && { ...tokens, refreshToken: String(Number(tokens.refreshToken) + 1) });
    await Promise.all(tabs.flatMap((store) => Array.from({ length: 20 }, () => increment(store))));
    expect((await tab(1).read())?.refreshToken).toBe(String(20 * tabs.length));
  });
});

describe('indexedDbTokenStore', () => {
  it('does not confirm an update before it is on the disk', async () => {
    const begun: (string | undefined)[] = [];
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function (stores, mode, options) {
      if (mode === 'readwrite') begun.push(options?.durability);
      return transaction.call(this, stores, mode, options);
    };
    try {
      await indexedDbTokenStore(randomUUID()).update(() => first);
    } finally {
      IDBDatabase.prototype.transaction = transaction;
    }
    expect(begun).toEqual(['strict']);
  });
});

describe('a client', () => {
  let tandem: Tandem;
  beforeAll(async () => {
    tandem = await startTandem();
  });
  afterAll(() => tandem.close());

  it('of secureTokenStore stores less than 2,048 bytes, and refreshes after a restart', async () => {
    const storage = fakeSecureStore();
    const app = openTab(tandem, secureTokenStore(storage));
    const pair = await loginPair(tandem);
    await app.client.signIn(pair);
    tandem.clock.advance(HOUR_AND_A_SECOND);
    app.network.intercept = async ({ operationName }, deliver) => {
      if (operationName === 'Refresh')
        expect(Buffer.byteLength([...storage.values.values()].join())).toBeLessThan(1024);
      return deliver();
    };
    await expect(app.read()).resolves.toBe('OK');
    expect([...storage.values.values()].join()).not.toContain(pair.authToken.slice(-40));

    const restarted = openTab(tandem, secureTokenStore(storage));
    await expect(restarted.read()).resolves.toBe('OK');
    expect(restarted.network.count('Refresh')).toBe(1);
    expect(restarted.events).toEqual(['signedIn', 'refreshed']);
  });

  it('of webStorageTokenStore sends no key, and takes damaged text for no tokens', async () => {
    const storage = fakeStorage();
    storage.setItem('tandem-client', '{"refreshToken":');
    const tab = openTab(tandem, webStorageTokenStore(storage));
    await expect(tab.read()).resolves.toBe('UNAUTHENTICATED');
    await tab.client.signIn(await loginPair(tandem));
    tandem.clock.advance(HOUR_AND_A_SECOND);
    await expect(tab.read()).resolves.toBe('OK');
    expect(tab.network.sent.find(({ operationName }) => operationName === 'Refresh')?.variables.input).toEqual({
      refreshToken: expect.any(String),
    });
    tab.client.dispose();
  });

  it('of tabTokenStore survives a reload, and a duplicated tab logs nobody out', async () => {
    const page = new EventTarget();
    const storage = fakeStorage();
    Object.assign(globalThis, { sessionStorage: storage, addEventListener: page.addEventListener.bind(page) });
    try {
      const name = randomUUID();
      const tab = openTab(tandem, tabTokenStore(name));
      await tab.client.signIn(await loginPair(tandem));

      // The browser copies sessionStorage into the new tab.
      const copy = fakeStorage();
      for (const [key, value] of storage.values) copy.setItem(key.replace(name, `${name} duplicate`), value);
      Object.assign(globalThis, { sessionStorage: copy });
      const duplicate = openTab(tandem, tabTokenStore(`${name} duplicate`));
      tandem.clock.advance(HOUR_AND_A_SECOND);
      await expect(tab.read()).resolves.toBe('OK');
      tandem.clock.advance(11);
      await expect(duplicate.read()).resolves.toBe('UNAUTHENTICATED');
      await expect(tab.read()).resolves.toBe('OK');

      Object.assign(globalThis, { sessionStorage: storage });
      page.dispatchEvent(new Event('pagehide'));
      expect(storage.values.size).toBe(1);
      // The same page is shown again.
      page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
      expect(storage.values.size).toBe(0);
      await expect(tab.read()).resolves.toBe('OK');
      expect(tab.events.filter((event) => event.startsWith('signedOut'))).toEqual([]);
    } finally {
      Reflect.deleteProperty(globalThis, 'sessionStorage');
      Reflect.deleteProperty(globalThis, 'addEventListener');
    }
  });
});
