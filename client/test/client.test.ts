import { randomUUID } from 'node:crypto';
import { answer } from '../../test/client/answer.js';
import { gate } from '../../test/client/wire.js';
import { PASSWORD, startTandem, type Tandem } from '../../test/support/harness.js';
import '../../test/support/fake-indexed-db.mjs';
import { indexedDbTokenStore, memoryTokenStore, type TokenPair, type TokenStore } from '../src/index.js';
import { CHANGE, loginPair, openTab, READ, type Tab, type TabOptions } from './support/tab.js';

const HOUR_AND_A_SECOND = 3601;
const AFTER_GRACE = 11;

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
    const { client } = open();
    await client.signIn(login);
    client.dispose();
  });
  afterEach(() => tabs.forEach(({ client }) => client.dispose()));

  function open(options: TabOptions = {}, store = storeOfTab()): Tab {
    const tab = openTab(tandem, store, options);
    tabs.push(tab);
    return tab;
  }

  /** At the server. The clients do not know, as after a sleep. */
  const expire = () => tandem.clock.advance(HOUR_AND_A_SECOND);
  const isAlive = async (token: string | undefined) =>
    (await tandem.send('{ tokenStatus { state } }', {}, { token })).data.tokenStatus.state === 'VALID';
  const sentInputs = (...from: Tab[]) =>
    from.flatMap(({ network }) =>
      network.sent.flatMap(({ operationName, variables }) => (operationName === 'Refresh' ? [variables.input] : [])),
    );
  const logouts = ({ events }: Tab) => events.filter((event) => event.startsWith('signedOut'));

  it('exchanges a token with one key in all tabs, which all receive the same successor', async () => {
    const three = [open(), open(), open()];
    for (let hour = 0; hour < 2; hour += 1) {
      expire();
      await expect(Promise.all(three.map((tab) => tab.read()))).resolves.toEqual(['OK', 'OK', 'OK']);
    }
    const inputs = sentInputs(...three);
    expect(new Set(inputs.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(2);
    expect(new Set(inputs.map(({ refreshToken }) => refreshToken)).size).toBe(2);
    expect(three.map(logouts)).toEqual([[], [], []]);
  });

  it('stores a pair without a key before it uses the auth token', async () => {
    const tab = open();
    expire();
    tab.network.intercept = async ({ operationName, authorization }, deliver) => {
      const stored = await tab.store.read();
      if (operationName === 'Read') expect(authorization).toBe(`Bearer ${stored?.authToken}`);
      return deliver();
    };
    await expect(tab.read()).resolves.toBe('OK');
    const stored = await tab.store.read();
    expect(stored).toMatchObject({ session: login.session, account: login.account });
    expect(stored?.key).toBeUndefined();
    expect(stored?.authToken).not.toBe(login.authToken);
  });

  it('keeps a newer login when a request with an older token is rejected', async () => {
    const [tab, other] = [open(), open()];
    const next = await loginPair(tandem);
    tab.network.intercept = async (_request, deliver) => {
      await other.client.signOut();
      await other.client.signIn(next);
      return deliver();
    };
    await expect(tab.read()).resolves.toBe('UNAUTHENTICATED');
    await expect(tab.store.read()).resolves.toMatchObject({ authToken: next.authToken });
    expect(tab.client.session()).toBeUndefined();
  });

  it('uses the pair of another tab without an exchange', async () => {
    const [busy, idle] = [open(), open()];
    for (let hour = 0; hour < 3; hour += 1) {
      expire();
      await expect(busy.read()).resolves.toBe('OK');
    }
    await expect(idle.read()).resolves.toBe('OK');
    expect(idle.network.count('Refresh')).toBe(0);
  });

  it.each([1, 3])('continues when a request arrives %s exchanges late', async (exchanges) => {
    const [stalled, other] = [open(), open()];
    const arrival = gate();
    stalled.network.intercept = async ({ operationName }, deliver) => {
      if (operationName === 'Refresh') await arrival.opened;
      return deliver();
    };
    expire();
    const reading = stalled.read();
    for (let exchange = 0; exchange < exchanges; exchange += 1) {
      if (exchange > 0) expire();
      await expect(other.read()).resolves.toBe('OK');
    }
    tandem.clock.advance(AFTER_GRACE);
    arrival.open();
    await expect(reading).resolves.toBe('OK');
    expect(await stalled.store.read()).toEqual(await other.store.read());
    expect([stalled, other].map(logouts)).toEqual([[], []]);
  });

  it('does not overwrite a newer pair with a late response', async () => {
    const [stalled, other] = [open(), open()];
    const arrival = gate();
    stalled.network.intercept = async ({ operationName }, deliver) => {
      const response = await deliver();
      if (operationName === 'Refresh') await arrival.opened;
      return response;
    };
    expire();
    const reading = stalled.read();
    await expect(other.read()).resolves.toBe('OK');
    expire();
    await expect(other.read()).resolves.toBe('OK');
    const newest = await other.store.read();
    arrival.open();
    await expect(reading).resolves.toBe('OK');
    await expect(stalled.store.read()).resolves.toEqual(newest);
  });

  it.each(['immediately', 'after an hour'])('continues %s after a reload at any point', async (when) => {
    let points = 0;
    for (let done = false; !done; points += 1) {
      login = await loginPair(tandem);
      await open().client.signIn(login);
      expire();
      const page = closingAfter(points);
      const { read } = open({ fetch: page.step(fetch) }, storeOf(storeOfTab(), page.step));
      done = (await Promise.race([read(), page.closed])) === 'OK';

      if (when === 'after an hour') expire();
      const reloaded = open();
      await expect(reloaded.read()).resolves.toBe('OK');
      await expect(reloaded.read()).resolves.toBe('OK');
      expect(logouts(reloaded)).toEqual([]);
    }
    expect(points).toBeGreaterThan(10);
  });

  describe('whose refresh token and key were copied', () => {
    /** The thief has exchanged them, and used the auth token. */
    async function robbed(tab: Tab): Promise<TokenPair> {
      expire();
      tab.network.intercept = async ({ operationName }, deliver) =>
        operationName === 'Refresh' ? answer(400, 'BAD_REQUEST', 'FIX_INPUT') : deliver();
      await expect(tab.read()).resolves.toBe('BAD_REQUEST');
      tab.network.intercept = undefined;
      const { refreshToken = '', key } = (await tab.store.read()) ?? {};
      const { data } = await tandem.refresh(refreshToken, { key });
      await tandem.send(READ, {}, { token: data.refreshToken.authToken });
      tandem.clock.advance(AFTER_GRACE);
      return data.refreshToken;
    }

    it('is signed out after a grace period, with the reason, and the thief too', async () => {
      const tab = open();
      const thief = await robbed(tab);
      expect(await isAlive(thief.authToken)).toBe(true);

      const startedAt = tab.clock.now();
      await expect(tab.read()).resolves.toBe('UNAUTHENTICATED');
      expect(tab.clock.now() - startedAt).toBe(10_000);
      expect(logouts(tab)).toEqual(['signedOut REFRESH_TOKEN_SUPERSEDED']);
      await expect(tab.store.read()).resolves.toBeUndefined();
      expect(await isAlive(thief.authToken)).toBe(false);
    });

    it('is signed out even if the server does not confirm the logout', async () => {
      const tab = open();
      await robbed(tab);
      tab.network.intercept = async ({ operationName }, deliver) =>
        operationName === 'Logout' ? answer(503, 'SERVICE_UNAVAILABLE', 'RETRY') : deliver();
      await expect(tab.read()).resolves.toBe('UNAUTHENTICATED');
      expect(logouts(tab)).toEqual(['signedOut REFRESH_TOKEN_SUPERSEDED']);
    });

    it('continues with a pair that reaches the store within the grace period', async () => {
      const tab = open();
      const newer = await robbed(tab);
      tab.network.intercept = async ({ operationName }, deliver) => {
        const response = await deliver();
        if (operationName === 'Refresh') setImmediate(() => void open().client.replace(newer));
        return response;
      };
      await expect(tab.read()).resolves.toBe('OK');
      expect(logouts(tab)).toEqual([]);
    });
  });

  describe('after a logout', () => {
    it.each(['request', 'response'])('keeps nothing of a refresh whose %s is in flight', async (part) => {
      const tab = open();
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
      expect(received && (await isAlive(received.authToken))).toBeFalsy();
      expect(logouts(tab)).toEqual(['signedOut SIGNED_OUT']);
    });

    it.each([
      ['is empty', async () => undefined],
      ['holds another session', async () => loginPair(tandem)],
    ])(
      'revokes a pair that arrives when the store %s, if the server has not received the logout',
      async (_case, login) => {
        const tab = open();
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
        if (next) await open().client.signIn(next);
        arrival.open();
        await expect(reading).resolves.toBe('UNAUTHENTICATED');
        expect(received).toBeDefined();
        expect(await isAlive(received?.authToken)).toBe(false);
        expect((await tab.store.read())?.session.id).toBe(next?.session.id);
      },
    );

    it.each([
      ['an error arrives', async () => answer(503, 'SERVICE_UNAVAILABLE', 'RETRY')],
      ['a page of a proxy arrives', async () => new Response('<h1>Bad gateway</h1>', { status: 502 })],
      ['it is offline', () => Promise.reject(new TypeError('fetch failed'))],
    ])('has no tokens even if %s, and says that the server has not confirmed it', async (_case, reply) => {
      const tab = open();
      tab.network.intercept = reply;
      await expect(tab.client.signOut()).resolves.toBe(false);
      await expect(tab.store.read()).resolves.toBeUndefined();
      expect(tab.client.session()).toBeUndefined();
    });

    it('has revoked the session even if its auth token has expired', async () => {
      const tab = open();
      expire();
      await tab.client.signOut();
      const reply = await tandem.refresh(login.refreshToken);
      expect(reply.errors?.[0]?.extensions['reason']).toBe('REFRESH_TOKEN_REVOKED');
    });

    it('is signed out in the other tabs, each of which is told once', async () => {
      const [here, other] = [open(), open()];
      await other.read();
      await here.client.signOut();
      for (const tab of [here, other, other]) await expect(tab.read()).resolves.toBe('UNAUTHENTICATED');
      expect([here, other].map(logouts)).toEqual([['signedOut SIGNED_OUT'], ['signedOut SIGNED_OUT']]);
    });

    it.each([
      ['the auth token has expired', async () => expire()],
      [
        'the refresh token was just exchanged',
        async (pair: TokenPair) => void (await tandem.refresh(pair.refreshToken)),
      ],
    ])('everywhere has revoked all sessions, even if %s', async (_case, happen) => {
      const person = await tandem.person();
      const [here, elsewhere] = [await loginPair(tandem, person), await loginPair(tandem, person)];
      const tab = open();
      await tab.client.signIn(here);
      await happen(here);
      await expect(tab.client.signOut({ everywhere: true })).resolves.toBe(true);
      const reply = await tandem.refresh(elsewhere.refreshToken);
      expect(reply.errors?.[0]?.extensions['reason']).toBe('REFRESH_TOKEN_REVOKED');
    });

    it('leaves the next login alone, and retries no request with its token', async () => {
      const [stalled, other] = [open(), open()];
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
      const next = await loginPair(tandem);
      await other.client.signIn(next);
      arrival.open();
      await expect(reading).resolves.toBe('UNAUTHENTICATED');
      expect(stalled.network.count('Read')).toBe(1);
      await expect(stalled.store.read()).resolves.toMatchObject({ authToken: next.authToken });
    });
  });

  describe('when the password is changed', () => {
    const change = { currentPassword: PASSWORD, newPassword: 'a staple of horses, mostly correct' };
    const changePassword = async (token: string | undefined): Promise<TokenPair> =>
      (await tandem.send(CHANGE, { change }, { token })).data.changePassword;

    /** The first read of this tab is told to refresh although its auth token is valid. */
    function refreshing(tab: Tab, duringRefresh: (deliver: () => Promise<Response>) => Promise<Response>): void {
      tab.network.intercept = async ({ operationName }, deliver) => {
        if (operationName === 'Refresh') return duringRefresh(deliver);
        const isFirst = tab.network.count('Read') === 1;
        return isFirst ? answer(401, 'UNAUTHENTICATED', 'REFRESH') : deliver();
      };
    }

    it('continues with the new pair when a refresh arrives after the change', async () => {
      const tab = open();
      refreshing(tab, async (deliver) => {
        await tab.client.replace(await changePassword(login.authToken));
        return deliver();
      });
      await expect(tab.read()).resolves.toBe('OK');
      expect(logouts(tab)).toEqual([]);
    });

    it('continues with the new pair when a refresh is overtaken by the change', async () => {
      const tab = open();
      let pair: TokenPair | undefined;
      refreshing(tab, async (deliver) => {
        const response = await deliver();
        pair = await changePassword(login.authToken);
        await tab.client.replace(pair);
        return response;
      });
      await expect(tab.read()).resolves.toBe('OK');
      expect((await tab.store.read())?.authToken).toBe(pair?.authToken);
    });

    it('waits for the new pair in the tabs that receive SUPERSEDED first', async () => {
      const pair = await changePassword(login.authToken);
      const [tab, other] = [open(), open()];
      tab.network.intercept = async ({ operationName }, deliver) => {
        const response = await deliver();
        if (operationName === 'Refresh') setImmediate(() => void other.client.replace(pair));
        return response;
      };
      await expect(tab.read()).resolves.toBe('OK');
      expect(logouts(tab)).toEqual([]);
    });

    it('replaces a pair that another tab has refreshed meanwhile', async () => {
      const tab = open();
      expire();
      await tab.read();
      const pair = await changePassword((await tab.store.read())?.authToken);
      await tab.client.replace(pair);
      expect((await tab.store.read())?.authToken).toBe(pair.authToken);
    });

    it.each(['the logout', 'the next login'])('keeps nothing of a new pair that arrives after %s', async (event) => {
      const tab = open();
      const pair = await changePassword(login.authToken);
      await tab.client.signOut();
      const next = event === 'the next login' ? await loginPair(tandem) : undefined;
      if (next) await tab.client.signIn(next);
      await tab.client.replace(pair);
      expect((await tab.store.read())?.authToken).toBe(next?.authToken);
      expect(await isAlive(pair.authToken)).toBe(false);
    });

    it('signs out if the new pair was lost', async () => {
      const tab = open();
      await changePassword(login.authToken);
      await expect(tab.read()).resolves.toBe('UNAUTHENTICATED');
      expect(logouts(tab)).toEqual(['signedOut REFRESH_TOKEN_SUPERSEDED']);
    });
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

type Step = <A extends unknown[], R>(action: (...parameters: A) => Promise<R>) => (...parameters: A) => Promise<R>;

/** A page that is closed before or after one of its actions: nothing of it happens any more. */
function closingAfter(points: number): { closed: Promise<void>; step: Step } {
  const { opened: closed, open: close } = gate();
  let passed = 0;
  async function pass(): Promise<void> {
    passed += 1;
    if (passed <= points) return;
    close();
    await new Promise<never>(() => undefined);
  }
  return {
    closed,
    step:
      (action) =>
      async (...parameters) => {
        await pass();
        const result = await action(...parameters);
        await pass();
        return result;
      },
  };
}

function storeOf(store: TokenStore, step: Step): TokenStore {
  return { ...store, read: step(store.read), update: step(store.update) };
}
