import { randomUUID } from 'node:crypto';
import { indexedDbTokenStore } from '../../docs/recipes/indexed-db-token-store.js';
import { memoryTokenStore, type StoredTokens, type TokenStore } from '../../docs/recipes/token-store.js';
import '../support/fake-indexed-db.mjs';

const first: StoredTokens = { authToken: 'A1', refreshToken: 'R1', session: { id: 'S' } };
const second: StoredTokens = { ...first, authToken: 'A2', refreshToken: 'R2' };

describe.each([
  ['memoryTokenStore', inMemory],
  ['indexedDbTokenStore', inIndexedDb],
])('%s', (_name, tabsOf) => {
  let tabs: TokenStore[];
  beforeEach(() => {
    tabs = tabsOf();
  });
  const tab = (index: number): TokenStore => tabs[index] as TokenStore;

  it('is empty at first', async () => {
    await expect(tab(0).read()).resolves.toBeUndefined();
  });

  it('shows every tab what another has stored or discarded', async () => {
    await expect(tab(0).update(() => first)).resolves.toEqual(first);
    await expect(tab(1).read()).resolves.toEqual(first);
    await tab(1).update(() => second);
    await expect(tab(0).read()).resolves.toEqual(second);
    await expect(tab(0).update(() => undefined)).resolves.toBeUndefined();
    await expect(tab(1).read()).resolves.toBeUndefined();
  });

  it('lets all tabs agree on the key of whichever was first', async () => {
    await tab(0).update(() => first);
    const keys = await Promise.all(
      tabs.map(async (store, index) => {
        const stored = await store.update((tokens) => tokens && { idempotencyKey: `key of tab ${index}`, ...tokens });
        return stored?.idempotencyKey;
      }),
    );
    expect(new Set(keys).size).toBe(1);
  });

  it('stores nothing else between what a change reads and what it stores', async () => {
    await tab(0).update(() => ({ ...first, refreshToken: '0' }));
    const increment = (store: TokenStore) =>
      store.update((tokens) => tokens && { ...tokens, refreshToken: String(Number(tokens.refreshToken) + 1) });
    await Promise.all(tabs.flatMap((store) => Array.from({ length: 20 }, () => increment(store))));
    await expect(tab(1).read()).resolves.toMatchObject({ refreshToken: String(20 * tabs.length) });
  });

  it('keeps what is stored if a change throws', async () => {
    await tab(0).update(() => first);
    const failing = tab(0).update(() => {
      throw new Error('failed');
    });
    await expect(failing).rejects.toThrow();
    await expect(tab(1).read()).resolves.toEqual(first);
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

/** All tabs of one process share the store itself. */
function inMemory(): TokenStore[] {
  const store = memoryTokenStore();
  return [store, store, store];
}

/** Each tab of a browser opens the database itself. */
function inIndexedDb(): TokenStore[] {
  const name = randomUUID();
  return [indexedDbTokenStore(name), indexedDbTokenStore(name), indexedDbTokenStore(name)];
}
