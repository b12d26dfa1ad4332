import { randomUUID } from 'node:crypto';
import { startTandem, type Tandem } from '../../test/support/harness.js';
import '../../test/support/fake-indexed-db.mjs';
import {
  indexedDbTokenStore,
  memoryTokenStore,
  type StoredTokens,
  type TokenPair,
  type TokenStore,
} from '../src/index.js';
import { loginPair, openTab, type Tab, type TabOptions } from './support/tab.js';

const HOUR_AND_A_SECOND = 3601;

describe.each([
  ['one process', () => once(memoryTokenStore())],
  ['a browser', () => named(randomUUID())],
])('the client in %s', (_place, storage) => {
  let tandem: Tandem;
  let login: TokenPair;
  let storeOfTab: () => TokenStore;
  let tabs: Tab[];
  beforeAll(async () => {
    tandem = await startTandem();
  });
  afterAll(() => tandem.close());
  beforeEach(async () => {
    tabs = [];
    login = await loginPair(tandem);
    storeOfTab = storage();
    const tab = open();
    await tab.client.signIn(login);
    tab.client.dispose();
  });
  afterEach(() => tabs.forEach(({ client }) => client.dispose()));

  function open(options: TabOptions = {}, store = storeOfTab()): Tab {
    const tab = openTab(tandem, store, options);
    tabs.push(tab);
    return tab;
  }

  /** At the server. The clients do not know, as after a sleep. */
  const expire = () => tandem.clock.advance(HOUR_AND_A_SECOND);
  const keysSent = (...from: Tab[]) =>
    from.flatMap(({ network }) => network.sent.flatMap(({ variables }) => variables?.input?.idempotencyKey ?? []));

  it('exchanges a token with one key in all tabs, which all receive the same successor', async () => {
    const [one, two, three] = [open(), open(), open()];
    for (let hour = 0; hour < 2; hour += 1) {
      expire();
      await expect(Promise.all([one.read(), two.read(), three.read()])).resolves.toEqual(['OK', 'OK', 'OK']);
    }
    expect(new Set(keysSent(one, two, three)).size).toBe(2);
    for (const { events } of [one, two, three]) expect(events).not.toContain(expect.stringMatching('signedOut'));
  });
});

/** All tabs of one process share the store itself. */
function once(store: TokenStore): () => TokenStore {
  return () => store;
}

/** Each tab of a browser opens the database itself. */
function named(name: string): () => TokenStore {
  return () => indexedDbTokenStore(name);
}
