import { randomUUID } from 'node:crypto';
import { answer } from '../../test/client/answer.js';
import { gate } from '../../test/client/wire.js';
import { startTandem, type Tandem } from '../../test/support/harness.js';
import '../../test/support/fake-indexed-db.mjs';
import { until } from '../../test/support/until.js';
import { indexedDbTokenStore, memoryTokenStore, type TokenPair, type TokenStore } from '../src/index.js';
import { manualClock } from './support/manual-clock.js';
import { CREATE, loginPair, openTab, READ, type Tab, type TabOptions } from './support/tab.js';

const HOUR_AND_A_SECOND = 3601;
const DAY_MS = 86_400_000;
const LOGIN = 'mutation Login($input: LoginInput!) { login(input: $input) { authToken } }';

/** An error response with a header. */
function retryAfter(seconds: number, status = 503): Response {
  const response = answer(status, status === 429 ? 'RATE_LIMITED' : 'SERVICE_UNAVAILABLE', 'RETRY');
  response.headers.set('retry-after', String(seconds));
  return response;
}
const htmlPage = (status: number) =>
  new Response('<h1>Bad gateway</h1>', { status, headers: { 'content-type': 'text/html' } });
const isRefresh = ({ operationName }: { operationName: string }) => operationName === 'Refresh';

describe('the client', () => {
  let tandem: Tandem;
  let login: TokenPair;
  let tabs: Tab[];
  let database: string;
  beforeAll(async () => {
    tandem = await startTandem();
  });
  afterAll(() => tandem.close());
  beforeEach(async () => {
    tabs = [];
    database = randomUUID();
    login = await loginPair(tandem);
  });
  afterEach(() => tabs.forEach(({ client }) => client.dispose()));

  async function open(options: TabOptions = {}, store: TokenStore = indexedDbTokenStore(database)): Promise<Tab> {
    const tab = openTab(tandem, store, options);
    tabs.push(tab);
    await tab.client.ready;
    return tab;
  }

  async function signedIn(options: TabOptions = {}, store?: TokenStore): Promise<Tab> {
    const tab = await open(options, store);
    await tab.client.signIn(login);
    return tab;
  }

  /** At the server. The clients do not know, as after a sleep. */
  const expire = () => tandem.clock.advance(HOUR_AND_A_SECOND);
  const logouts = ({ events }: Tab) => events.filter((event) => event.startsWith('signedOut'));

  it('refreshes again if the next token has expired too when the request arrives', async () => {
    const tab = await signedIn();
    expire();
    let sleeps = 2;
    tab.network.intercept = async (request, deliver) => {
      if (!isRefresh(request) && sleeps-- > 0) expire();
      return deliver();
    };
    await expect(tab.read()).resolves.toBe('OK');
    expect(logouts(tab)).toEqual([]);
  });

  it('does not repeat a mutation that may have been executed, wherever it is in the document', async () => {
    const tab = await signedIn();
    tab.network.intercept = async (_request, deliver) => {
      await deliver();
      return htmlPage(502);
    };
    const query =
      'query Titles { posts { nodes { title } } }\nmutation Create { createPost(input: {}) { post { id } } }';
    await expect(tab.send(query)).resolves.toBe('502');
    expect(tab.network.sent).toHaveLength(1);
  });

  it('does not repeat a request of one account for another one', async () => {
    const tab = await signedIn();
    const grace = await loginPair(tandem);
    tab.network.intercept = async (request, deliver) => {
      if (request.operationName !== 'Read') return deliver();
      await tab.client.signOut();
      await tab.client.signIn(grace);
      return retryAfter(1);
    };
    await expect(tab.read()).resolves.toBe('SERVICE_UNAVAILABLE');
    expect(tab.network.count('Read')).toBe(1);
  });

  it('sends a refresh token to no other server, whatever the redirects', async () => {
    const tab = await signedIn();
    expire();
    const modes: unknown[] = [];
    tab.network.intercept = async (request, deliver) => {
      if (isRefresh(request)) modes.push(request.redirect);
      return deliver();
    };
    await tab.read();
    expect(modes).toEqual(['error']);
  });

  it('stays signed out after a logout if another account is logged in in another tab', async () => {
    const tab = await signedIn();
    const other = await open();
    await other.client.signIn(await loginPair(tandem));
    await until(() => logouts(tab).length > 0);
    await tab.client.signOut();
    await expect(tab.read()).resolves.toBe('UNAUTHENTICATED');
    expect(tab.client.session()).toBeUndefined();
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

    it('sends a login, and requests of the next session', async () => {
      const { tab } = await hung();
      await expect(tab.send(LOGIN, { input: { email: 'a@example.com', password: 'wrong' } })).resolves.toBe(
        'INVALID_CREDENTIALS',
      );
      await tab.client.signIn(await loginPair(tandem));
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
      await damage(database, value);
      const tab = await open();
      expect(tab.client.session()).toBeUndefined();
      await expect(tab.read()).resolves.toBe('UNAUTHENTICATED');
      await tab.client.signIn(login);
      await expect(tab.read()).resolves.toBe('OK');
      expect(tab.events).toEqual(['signedIn']);
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
      await indexedDbTokenStore(database).read();
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
      await tandem.send('mutation ($i: LogoutInput) { logout(input: $i) { loggedOut } }', {
        i: { refreshToken: login.refreshToken },
      });
      await expect(other.read()).resolves.toBe('UNAUTHENTICATED');
      await until(() => logouts(tab).length > 0);
      expect([tab, other].map(logouts)).toEqual([['signedOut TOKEN_REVOKED'], ['signedOut TOKEN_REVOKED']]);
    });

    it.each(['logs in to another account', 'logs out and then in to another account'])(
      '%s, is signed out and never uses the tokens of that account',
      async (what) => {
        const [tab, other] = [await signedIn(), await open()];
        const next = await loginPair(tandem);
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
      await other.client.signIn(await loginPair(tandem));
      await tab.client.signOut();
      await expect(other.read()).resolves.toBe('OK');
    });

    it('logs in again to the same account, is signed in', async () => {
      const person = await tandem.person();
      login = await loginPair(tandem, person);
      const [tab, other] = [await signedIn(), await open()];
      await other.client.signOut();
      await until(() => logouts(tab).length > 0);
      await other.client.signIn(await loginPair(tandem, person));
      await until(() => tab.events.at(-1) === 'signedIn');
      await expect(tab.read()).resolves.toBe('OK');
    });

    it('receives a message, no token is in it', async () => {
      const messages: unknown[] = [];
      const channel = new BroadcastChannel(database);
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

  describe('if the server rejects a query', () => {
    it.each([
      ['503', () => retryAfter(1)],
      ['429', () => retryAfter(1, 429)],
      ['a page of a proxy', () => htmlPage(502)],
      ['a page of a proxy with status 200', () => htmlPage(200)],
      ['no response', () => Promise.reject(new TypeError('fetch failed'))],
    ])('with %s, retries it', async (_case, reply) => {
      const tab = await signedIn();
      tab.network.intercept = async (_request, deliver) => (tab.network.count('Read') === 1 ? reply() : deliver());
      await expect(tab.read()).resolves.toBe('OK');
      expect(tab.network.count('Read')).toBe(2);
    });

    it('waits as long as Retry-After says', async () => {
      const tab = await signedIn();
      tab.network.intercept = async (_request, deliver) =>
        tab.network.count('Read') === 1 ? retryAfter(30) : deliver();
      const reading = tab.read();
      await until(() => tab.clock.waits().length > 0);
      tab.client.wake();
      tab.clock.advance(29_000);
      expect(tab.network.count('Read')).toBe(1);
      tab.clock.advance(3000);
      await expect(reading).resolves.toBe('OK');
    });

    it('returns the rejection if it lasts longer than a minute', async () => {
      const tab = await signedIn();
      tab.network.intercept = async () => retryAfter(61);
      await expect(tab.read()).resolves.toBe('SERVICE_UNAVAILABLE');
      tab.network.intercept = async () => htmlPage(502);
      await expect(tab.read()).resolves.toBe('502');
      expect(tab.network.count('Read')).toBeGreaterThan(5);
      expect(tab.network.count('Read')).toBeLessThan(20);
    });

    it('stops when the request is aborted', async () => {
      const tab = await signedIn();
      tab.network.intercept = async () => retryAfter(30);
      const abort = new AbortController();
      const reading = tab.send(READ, {}, abort.signal);
      await until(() => tab.clock.waits().length > 0);
      abort.abort();
      await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
      tab.clock.advance(60_000);
      await tab.client.ready;
      expect(tab.network.count('Read')).toBe(1);
    });
  });

  describe('if the server rejects a mutation with 503', () => {
    const operations = {
      Create: { token: true, retry: 'with-key' },
      Publish: { token: true, retry: 'always' },
      Login: { token: false, retry: 'never' },
    } as const;
    const PUBLISH = 'mutation Publish($input: PostIdInput!) { publishPost(input: $input) { post { id } } }';

    it.each([
      ['a mutation that is idempotent', PUBLISH, { input: { id: randomUUID() } }, 2],
      ['one with an idempotency key', CREATE, { post: { title: 'T', body: '', idempotencyKey: randomUUID() } }, 2],
      ['one without a key', CREATE, { post: { title: 'T', body: 'my "idempotencyKey":"' } }, 1],
      ['a login', LOGIN, { input: { email: 'a@example.com', password: 'wrong' } }, 1],
    ])('sends %s as often as the map allows', async (_case, document, variables, times) => {
      const tab = await signedIn({ operations });
      tab.network.intercept = async (_request, deliver) => (tab.network.sent.length === 1 ? retryAfter(1) : deliver());
      await tab.send(document, variables);
      expect(tab.network.sent).toHaveLength(times);
    });

    it('sends it once without a map', async () => {
      const tab = await signedIn();
      tab.network.intercept = async () => retryAfter(1);
      await expect(tab.send(CREATE, { post: { title: 'T', body: '', idempotencyKey: randomUUID() } })).resolves.toBe(
        'SERVICE_UNAVAILABLE',
      );
      expect(tab.network.sent).toHaveLength(1);
    });
  });

  describe('if a refresh fails', () => {
    it('sends one more for all requests after a 429, when Retry-After has passed', async () => {
      const tab = await signedIn();
      expire();
      tab.network.intercept = async (request, deliver) =>
        isRefresh(request) && tab.network.count('Refresh') === 1 ? retryAfter(30, 429) : deliver();
      const reads = Array.from({ length: 10 }, () => tab.read());
      await until(() => tab.clock.waits().some((ms) => ms >= 30_000));
      tab.client.wake();
      reads.push(tab.read());
      tab.clock.advance(29_000);
      expect(tab.network.count('Refresh')).toBe(1);
      tab.clock.advance(3000);
      await expect(Promise.all(reads)).resolves.toEqual(Array(11).fill('OK'));
      expect(tab.network.count('Refresh')).toBe(2);
      expect(logouts(tab)).toEqual([]);
    });

    it.each([
      ['503', () => retryAfter(1)],
      ['a page of a proxy', () => htmlPage(502)],
      ['a page of a proxy with status 200', () => htmlPage(200)],
      ['503 of a proxy', () => new Response('', { status: 503 })],
      ['no response', () => Promise.reject(new TypeError('fetch failed'))],
    ])('with %s, keeps the tokens and retries with the same key', async (_case, reply) => {
      const tab = await signedIn();
      expire();
      tab.network.intercept = async (request, deliver) =>
        isRefresh(request) && tab.network.count('Refresh') < 3 ? reply() : deliver();
      await expect(tab.read()).resolves.toBe('OK');
      const keys = tab.network.sent.filter(isRefresh).map(({ variables }) => variables.input.idempotencyKey);
      expect(keys).toEqual([expect.any(String), keys[0], keys[0]]);
      expect(tab.events).toEqual(['signedIn', 'refreshed']);
    });

    it.each([
      ['401', () => answer(401, 'UNAUTHENTICATED', 'REFRESH')],
      ['404', () => new Response('', { status: 404 })],
      ['500', () => answer(500, 'INTERNAL_SERVER_ERROR', 'NONE')],
    ])('with %s, keeps the tokens and returns that', async (_case, reply) => {
      const tab = await signedIn();
      expire();
      tab.network.intercept = async (request, deliver) => (isRefresh(request) ? reply() : deliver());
      await expect(tab.read()).resolves.not.toBe('OK');
      expect(tab.network.count('Refresh')).toBe(1);
      expect((await tab.store.read())?.refreshToken).toBe(login.refreshToken);
      expect(logouts(tab)).toEqual([]);
    });

    it('says nothing while the auth token is valid', async () => {
      const tab = await signedIn();
      tab.network.intercept = async (request, deliver) => (isRefresh(request) ? htmlPage(502) : deliver());
      tab.clock.advance(Date.parse(login.refreshAfter) - Date.parse(login.serverTime) + 1000);
      await expect(tab.read()).resolves.toBe('OK');
      await until(() => tab.network.count('Refresh') > 3);
      await expect(tab.read()).resolves.toBe('OK');
      expect(tab.events).toEqual(['signedIn']);
    });
  });

  describe('with the time', () => {
    it('refreshes before the auth token expires, without a rejected request', async () => {
      const tab = await signedIn();
      const refreshInMs = Date.parse(login.refreshAfter) - Date.parse(login.serverTime);
      tab.clock.advance(refreshInMs - 1000);
      await tab.read();
      expect(tab.network.count('Refresh')).toBe(0);
      tab.clock.advance(2000);
      await tab.read();
      await until(() => tab.events.includes('refreshed'));
      expect(tab.network.count('Refresh')).toBe(1);
      expect(tab.network.count('Read')).toBe(2);
    });

    it('waits for the refresh if the operation needs a token and it has expired', async () => {
      const tab = await signedIn({ operations: { Read: { token: true, retry: 'always' } } });
      tab.clock.advance(HOUR_AND_A_SECOND * 1000);
      expire();
      await expect(tab.read()).resolves.toBe('OK');
      expect(tab.network.sent.map(({ operationName }) => operationName)).toEqual(['Refresh', 'Read']);
    });

    it('sends no token with an operation that needs none', async () => {
      const tab = await signedIn({ operations: { Login: { token: false, retry: 'never' } } });
      await tab.send(LOGIN, { input: { email: 'a@example.com', password: 'wrong' } });
      expect(tab.network.sent.map(({ authorization }) => authorization)).toEqual([null]);
    });

    it.each([-DAY_MS, DAY_MS])(
      'works with a clock of the device that is off by %s ms, and one that jumps',
      async (offMs) => {
        const clock = manualClock();
        clock.adjust(offMs);
        const tab = await signedIn({ clock });
        const minutes = Math.round((tab.client.session()?.msUntil('authTokenExpiresAt') ?? 0) / 60_000);
        expect(minutes).toBe(60);
        await tab.read();
        clock.adjust(offMs);
        await tab.read();
        expect(tab.network.count('Refresh')).toBe(0);

        const other = await open({ clock });
        expire();
        await expect(other.read()).resolves.toBe('OK');
        await expect(tab.read()).resolves.toBe('OK');
        expect(tab.network.count('Refresh') + other.network.count('Refresh')).toBeLessThanOrEqual(2);
        expect([tab, other].map(logouts)).toEqual([[], []]);
      },
    );

    it('runs no timer while nothing is sent', async () => {
      const tab = await signedIn();
      await tab.read();
      expect(tab.clock.waits()).toEqual([]);
    });
  });

  describe('in a page', () => {
    const page = new EventTarget();
    beforeAll(() => {
      Object.assign(globalThis, { addEventListener: page.addEventListener.bind(page), document: { hidden: false } });
    });
    afterAll(() => {
      Reflect.deleteProperty(globalThis, 'addEventListener');
      Reflect.deleteProperty(globalThis, 'document');
    });

    it.each(['visibilitychange', 'online', 'pageshow'])('refreshes a token that has expired on %s', async (name) => {
      const tab = await signedIn();
      tab.clock.advance(HOUR_AND_A_SECOND * 1000);
      page.dispatchEvent(new Event(name));
      await until(() => tab.events.includes('refreshed'));
      expect(tab.network.sent.map(({ operationName }) => operationName)).toEqual(['Refresh']);
    });

    it('does nothing while it is hidden, or after dispose', async () => {
      const tab = await signedIn();
      tab.clock.advance(HOUR_AND_A_SECOND * 1000);
      Object.assign(globalThis, { document: { hidden: true } });
      page.dispatchEvent(new Event('visibilitychange'));
      Object.assign(globalThis, { document: { hidden: false } });
      tab.client.dispose();
      page.dispatchEvent(new Event('visibilitychange'));
      await tab.store.read();
      expect(tab.network.sent).toEqual([]);
    });

    it('resumes a refresh that waits as soon as it is online', async () => {
      const tab = await signedIn();
      tab.clock.skipBelowMs = 0;
      expire();
      tab.network.intercept = async (request, deliver) => {
        if (isRefresh(request) && tab.network.count('Refresh') === 1) throw new TypeError('offline');
        return deliver();
      };
      const reading = tab.read();
      await until(() => tab.clock.waits().length > 0);
      page.dispatchEvent(new Event('online'));
      await expect(reading).resolves.toBe('OK');
      expect(tab.network.count('Refresh')).toBe(2);
    });

    it('listens again after dispose, as React mounts twice in StrictMode', async () => {
      const tab = await signedIn();
      tab.client.dispose();
      let refreshes = 0;
      tab.client.on('refreshed', () => (refreshes += 1));
      tab.clock.advance(HOUR_AND_A_SECOND * 1000);
      page.dispatchEvent(new Event('pageshow'));
      await until(() => refreshes === 1);
      expect(tab.network.count('Refresh')).toBe(1);
      expect(tab.events).toEqual(['signedIn']);
    });
  });

  it('works as two clients with one store, as after a hot reload', async () => {
    const store = indexedDbTokenStore(database);
    const [one, two] = [await signedIn({}, store), await open({}, store)];
    expire();
    await expect(Promise.all([one.read(), two.read()])).resolves.toEqual(['OK', 'OK']);
    await one.client.signOut();
    await until(() => logouts(two).length === 1);
  });

  it('says when an operation requires a recent login', async () => {
    const tab = await signedIn();
    tandem.clock.advance(11 * 60);
    await expect(tab.send('mutation Delete { deleteAccount { accepted } }')).resolves.toBe('FORBIDDEN');
    expect(tab.events).toEqual(['signedIn', 'stepUpNeeded']);
  });

  it('sends its token to no other URL', async () => {
    const headers: (string | null)[] = [];
    const tab = await signedIn({
      fetch: async (_input, init) => {
        headers.push(new Headers(init?.headers).get('authorization'));
        return new Response('{}');
      },
    });
    await tab.client.fetch('https://other.example/graphql');
    await tab.client.fetch(`${tandem.url}/graphql/other`);
    await tab.client.fetch(`${tandem.url}/graphql?query={a}`);
    expect(headers).toEqual([null, null, `Bearer ${login.authToken}`]);
  });

  it('accepts a Request', async () => {
    const tab = await signedIn({ fetch });
    expire();
    const headers = { 'content-type': 'application/json' };
    const request = new Request(`${tandem.url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query: READ }),
    });
    const response = await tab.client.fetch(request);
    expect(((await response.json()) as { errors?: unknown }).errors).toBeUndefined();
  });

  it('survives a listener that throws', async () => {
    const tab = await open({}, memoryTokenStore());
    const errors: unknown[] = [];
    const microtasks = globalThis.queueMicrotask;
    globalThis.queueMicrotask = (task) =>
      microtasks(() => {
        try {
          task();
        } catch (error) {
          errors.push(error);
        }
      });
    try {
      tab.client.on('signedIn', () => {
        throw new Error('listener');
      });
      await tab.client.signIn(login);
    } finally {
      globalThis.queueMicrotask = microtasks;
    }
    await expect(tab.read()).resolves.toBe('OK');
    expect(errors).toHaveLength(1);
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
