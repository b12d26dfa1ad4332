import { randomUUID } from 'node:crypto';
import { startTandem, type Tandem } from '../../../test/support/harness.js';
import '../../../test/support/fake-indexed-db.mjs';
import { indexedDbTokenStore, memoryTokenStore, type TokenPair, type TokenStore } from '../../src/index.js';
import { loginPair, openTab, type Tab, type TabOptions } from './tab.js';

const HOUR_AND_A_SECOND = 3601;

/** What the tabs of a test share. Each call returns the store of one more tab. */
type Storage = (database: string) => () => TokenStore;

/** Each tab opens the database itself. */
const inBrowser: Storage = (database) => () => indexedDbTokenStore(database);

/** Where clients run, for `describe.each`. */
export const PLACES: [place: string, storage: Storage][] = [
  ['one process', () => sharing(memoryTokenStore())],
  ['a browser', inBrowser],
];

function sharing(store: TokenStore): () => TokenStore {
  return () => store;
}

/** What each test has: a login of a new account, and a storage for its tabs. */
export interface Tabs {
  readonly tandem: Tandem;
  readonly login: TokenPair;
  /** The name of the database. */
  readonly database: string;
  /** The store of one more tab. */
  store(): TokenStore;
  open(options?: TabOptions, store?: TokenStore): Promise<Tab>;
  signedIn(options?: TabOptions, store?: TokenStore): Promise<Tab>;
  /** Lets the auth tokens expire at the server. The clients do not know, as after a sleep. */
  expire(): void;
}

/** Starts a server for the tests of a file, and disposes of the tabs after each test. */
export function tabs(storage = inBrowser): Tabs {
  let tandem: Tandem;
  let login: TokenPair;
  let database: string;
  let nextStore: () => TokenStore;
  let opened: Tab[];
  beforeAll(async () => {
    tandem = await startTandem();
  });
  afterAll(() => tandem.close());
  beforeEach(async () => {
    opened = [];
    database = randomUUID();
    nextStore = storage(database);
    login = await loginPair(tandem);
  });
  afterEach(() => opened.forEach(({ client }) => client.dispose()));

  async function open(options: TabOptions = {}, store = nextStore()): Promise<Tab> {
    const tab = openTab(tandem, store, options);
    opened.push(tab);
    await tab.client.ready;
    return tab;
  }

  return {
    get tandem() {
      return tandem;
    },
    get login() {
      return login;
    },
    get database() {
      return database;
    },
    store: () => nextStore(),
    open,
    async signedIn(options, store) {
      const tab = await open(options, store);
      await tab.client.signIn(login);
      return tab;
    },
    expire: () => tandem.clock.advance(HOUR_AND_A_SECOND),
  };
}

/** The same, after the login has been stored by a tab that is closed. */
export function tabsWithLogin(storage: Storage): Tabs {
  const all = tabs(storage);
  beforeEach(async () => {
    const { client } = await all.signedIn();
    client.dispose();
  });
  return all;
}

/** Whether the server accepts an auth token. */
export async function isAlive({ send }: Tandem, token: string | undefined): Promise<boolean> {
  return (await send('{ tokenStatus { state } }', {}, { token })).data.tokenStatus.state === 'VALID';
}

/** The logouts of which a tab was told. */
export const logouts = ({ events }: Tab) => events.filter((event) => event.startsWith('signedOut'));

export const isRefresh = ({ operationName }: { operationName: string }) => operationName === 'Refresh';
