import { randomUUID } from 'node:crypto';
import { startTandem, type Tandem } from '../../../test/support/harness.js';
import '../../../test/support/fake-indexed-db.mjs';
import { indexedDbTokenStore, type TokenPair, type TokenStore } from '../../src/index.js';
import { loginPair, openTab, type Tab, type TabOptions } from './tab.js';

const HOUR_AND_A_SECOND = 3601;

/** What each test has: a login of a new account, and a database of the browser for its tabs. */
export interface Tabs {
  readonly tandem: Tandem;
  readonly login: TokenPair;
  /** The name of the database. */
  readonly database: string;
  open(options?: TabOptions, store?: TokenStore): Promise<Tab>;
  signedIn(options?: TabOptions, store?: TokenStore): Promise<Tab>;
  /** Lets the auth tokens expire at the server. The clients do not know, as after a sleep. */
  expire(): void;
}

/** Starts a server for the tests of a file, and disposes of the tabs after each test. */
export function tabs(): Tabs {
  let tandem: Tandem;
  let login: TokenPair;
  let database: string;
  let opened: Tab[];
  beforeAll(async () => {
    tandem = await startTandem();
  });
  afterAll(() => tandem.close());
  beforeEach(async () => {
    opened = [];
    database = randomUUID();
    login = await loginPair(tandem);
  });
  afterEach(() => opened.forEach(({ client }) => client.dispose()));

  async function open(options: TabOptions = {}, store: TokenStore = indexedDbTokenStore(database)): Promise<Tab> {
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
    open,
    async signedIn(options, store) {
      const tab = await open(options, store);
      await tab.client.signIn(login);
      return tab;
    },
    expire: () => tandem.clock.advance(HOUR_AND_A_SECOND),
  };
}

/** The logouts of which a tab was told. */
export const logouts = ({ events }: Tab) => events.filter((event) => event.startsWith('signedOut'));

export const isRefresh = ({ operationName }: { operationName: string }) => operationName === 'Refresh';
