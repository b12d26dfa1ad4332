import { randomUUID } from 'node:crypto';
import { indexedDbTokenStore } from '../../docs/recipes/indexed-db-token-store.js';
import { openSession, type Session } from '../../docs/recipes/session.js';
import { memoryTokenStore, type TokenPair, type TokenStore } from '../../docs/recipes/token-store.js';
import { PASSWORD, startTandem, type Tandem, type Tokens } from '../support/harness.js';
import '../support/fake-indexed-db.mjs';
import { answer } from './answer.js';
import { gate, wire, type Wire } from './wire.js';

const HOUR_AND_A_SECOND = 3601;
const AFTER_GRACE = 11;
const READ = 'query Read { posts(first: 1) { nodes { id } } }';
const CHANGE = `mutation Change($change: ChangePasswordInput!) {
  changePassword(input: $change) { authToken refreshToken session { id } }
}`;
const REFRESH = `mutation ($refresh: RefreshTokenInput!) {
  refreshToken(input: $refresh) { authToken refreshToken session { id } }
}`;

interface Tab {
  store: TokenStore;
  session: Session;
  network: Wire;
  /** The reasons for which the tab was told that the user is logged out. */
  logouts: (string | undefined)[];
  /** Reads posts; returns `OK` or the code of the error. */
  read(): Promise<string>;
}

interface TabOptions {
  sleep?(ms: number): Promise<void>;
  fetch?: typeof fetch;
}

describe.each([
  ['one process', () => once(memoryTokenStore())],
  ['a browser', () => named(randomUUID())],
])('a session in %s', (_place, storage) => {
  let tandem: Tandem;
  let login: Tokens;
  let storeOfTab: () => TokenStore;
  beforeAll(async () => {
    tandem = await startTandem();
  });
  afterAll(() => tandem.close());
  beforeEach(async () => {
    login = await tandem.login();
    storeOfTab = storage();
    await storeOfTab().update(() => pairOf(login));
  });

  function open({ sleep, fetch }: TabOptions = {}, store = storeOfTab()): Tab {
    const network = wire();
    const logouts: Tab['logouts'] = [];
    const url = `${tandem.url}/graphql`;
    const session = openSession({
      url,
      tokens: store,
      onLoggedOut: (reason) => logouts.push(reason),
      fetch: fetch ?? network.fetch,
      sleep: sleep ?? (() => Promise.reject(new Error('nothing to wait for'))),
    });
    const body = JSON.stringify({ operationName: 'Read', query: READ });
    const headers = { 'content-type': 'application/json' };
    const read = async () => {
      const response = await session.fetch(url, { method: 'POST', headers, body });
      const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
      return errors?.[0]?.extensions.code ?? 'OK';
    };
    return { store, session, network, logouts, read };
  }

  const expire = () => tandem.clock.advance(HOUR_AND_A_SECOND);
  const isAlive = async (token: string) =>
    (await tandem.send('{ tokenStatus { state } }', {}, { token })).data.tokenStatus.state === 'VALID';

  it('exchanges a token with one key in all tabs, which all receive the same successor', async () => {
    const tabs = [open(), open(), open()];
    for (let hour = 0; hour < 2; hour += 1) {
      expire();
      await expect(Promise.all(tabs.map((tab) => tab.read()))).resolves.toEqual(['OK', 'OK', 'OK']);
    }
    const exchanges = tabs.flatMap(({ network }) => network.sent.flatMap(({ variables }) => variables?.refresh ?? []));
    expect(new Set(exchanges.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(2);
    expect(new Set(exchanges.map(({ refreshToken }) => refreshToken)).size).toBe(2);
    expect(tabs.map(({ logouts }) => logouts)).toEqual([[], [], []]);
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
    await expect(tab.store.read()).resolves.toEqual({
      authToken: expect.any(String),
      refreshToken: expect.any(String),
      session: { id: login.sessionId },
    });
    await expect(tab.store.read()).resolves.not.toMatchObject({ authToken: login.authToken });
  });

  it('stores nothing else of the response to a login', async () => {
    const tab = open();
    const response = { ...pairOf(login), account: { email: 'ada@example.com' } };
    await tab.session.begin(response);
    await expect(tab.store.read()).resolves.toEqual(pairOf(login));
  });

  it('keeps a newer login when a request with an older token is rejected', async () => {
    const [tab, other] = [open(), open()];
    const next = pairOf(await tandem.login());
    tab.network.intercept = async (_request, deliver) => {
      await other.session.end();
      await other.session.begin(next);
      return deliver();
    };
    await expect(tab.read()).resolves.toBe('UNAUTHENTICATED');
    await expect(tab.store.read()).resolves.toEqual(next);
    expect(tab.logouts).toEqual([]);
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
    expect([stalled.logouts, other.logouts]).toEqual([[], []]);
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
      login = await tandem.login();
      await storeOfTab().update(() => pairOf(login));
      expire();
      const page = closingAfter(points);
      const { read } = open({ fetch: page.step(fetch) }, storeOf(storeOfTab(), page.step));
      done = (await Promise.race([read(), page.closed])) === 'OK';

      if (when === 'after an hour') expire();
      const reloaded = open();
      await expect(reloaded.read()).resolves.toBe('OK');
      await expect(reloaded.read()).resolves.toBe('OK');
      expect(reloaded.logouts).toEqual([]);
    }
    expect(points).toBeGreaterThan(10);
  });

  describe('whose refresh token and key were copied', () => {
    async function robbed(tab: Tab): Promise<TokenPair> {
      expire();
      tab.network.intercept = async ({ operationName }, deliver) =>
        operationName === 'Refresh' ? answer(503, 'SERVICE_UNAVAILABLE', 'RETRY') : deliver();
      await expect(tab.read()).resolves.toBe('SERVICE_UNAVAILABLE');
      tab.network.intercept = undefined;
      const { refreshToken, idempotencyKey } = (await tab.store.read()) ?? {};
      const { data } = await tandem.send(REFRESH, { refresh: { refreshToken, idempotencyKey } });
      await tandem.send(READ, {}, { token: data.refreshToken.authToken });
      tandem.clock.advance(AFTER_GRACE);
      return data.refreshToken;
    }

    it('is revoked after a grace period, and the user is told why', async () => {
      let waitedMs = 0;
      const tab = open({ sleep: async (ms) => void (waitedMs += ms) });
      const thief = await robbed(tab);
      expect(await isAlive(thief.authToken)).toBe(true);

      await expect(tab.read()).resolves.toBe('UNAUTHENTICATED');
      expect(waitedMs).toBe(10_000);
      expect(tab.logouts).toEqual(['REFRESH_TOKEN_SUPERSEDED']);
      await expect(tab.store.read()).resolves.toBeUndefined();
      expect(await isAlive(thief.authToken)).toBe(false);
    });

    it('is over for the user even if the server does not confirm the logout', async () => {
      const tab = open({ sleep: async () => undefined });
      await robbed(tab);
      tab.network.intercept = async ({ operationName }, deliver) =>
        operationName === 'Logout' ? answer(503, 'SERVICE_UNAVAILABLE', 'RETRY') : deliver();
      await expect(tab.read()).resolves.toBe('UNAUTHENTICATED');
      expect(tab.logouts).toEqual(['REFRESH_TOKEN_SUPERSEDED']);
    });

    it('continues with a pair that reaches the store within the grace period', async () => {
      const tab = open({ sleep: async () => void (await tab.store.update(() => newer)) });
      const newer = await robbed(tab);
      await expect(tab.read()).resolves.toBe('OK');
      expect(tab.logouts).toEqual([]);
    });
  });

  describe('that the user ends', () => {
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
      await tab.session.end();
      await expect(tab.store.read()).resolves.toBeUndefined();
      arrival.open();
      await expect(reading).resolves.toBe('UNAUTHENTICATED');
      await expect(tab.store.read()).resolves.toBeUndefined();
      expect(Boolean(received)).toBe(part === 'response');
      expect(received && (await isAlive(received.authToken))).toBeFalsy();
      expect(tab.logouts).toEqual([]);
    });

    it('revokes a pair that arrives although the server has not received the logout', async () => {
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
      arrival.open();
      await expect(reading).resolves.toBe('UNAUTHENTICATED');
      expect(await isAlive(received?.authToken ?? '')).toBe(false);
      await expect(tab.store.read()).resolves.toBeUndefined();
    });

    it.each([
      ['an error', () => answer(503, 'SERVICE_UNAVAILABLE', 'RETRY')],
      ['a page of a proxy', () => new Response('<h1>Bad gateway</h1>', { status: 502 })],
    ])('has no tokens even if the server does not confirm but %s arrives', async (_case, reply) => {
      const tab = open();
      tab.network.intercept = async () => reply();
      await expect(tab.session.end()).rejects.toThrow('Unexpected response');
      await expect(tab.store.read()).resolves.toBeUndefined();
    });

    it('is revoked if its auth token has expired', async () => {
      const tab = open();
      expire();
      await tab.session.end();
      const reply = await tandem.refresh(login.refreshToken);
      expect(reply.errors?.[0]?.extensions['reason']).toBe('REFRESH_TOKEN_REVOKED');
    });

    it('is over in the other tabs, each of which is told once', async () => {
      const [here, other, unused] = [open(), open(), open()];
      await other.read();
      await here.session.end();
      for (const tab of [here, other, other, unused]) await expect(tab.read()).resolves.toBe('UNAUTHENTICATED');
      expect([here.logouts, other.logouts, unused.logouts]).toEqual([[], [undefined], []]);
    });

    it.each([
      ['the auth token has expired', async () => tandem.clock.advance(HOUR_AND_A_SECOND)],
      ['the refresh token was just exchanged', async (here: Tokens) => void (await tandem.refresh(here.refreshToken))],
    ])('ends on all devices if the user asks for that, even if %s', async (_case, happen) => {
      const person = await tandem.person();
      const [here, elsewhere] = [await tandem.login(person), await tandem.login(person)];
      const tab = open();
      await tab.session.begin(pairOf(here));
      await happen(here);
      await tab.session.end({ everywhere: true });
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
      await other.session.end();
      const next = pairOf(await tandem.login());
      await other.session.begin(next);
      arrival.open();
      await expect(reading).resolves.toBe('UNAUTHENTICATED');
      expect(stalled.network.count('Read')).toBe(1);
      await expect(stalled.store.read()).resolves.toEqual(next);
    });
  });

  describe('whose password is changed', () => {
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
        await tab.session.replace(await changePassword(login.authToken));
        return deliver();
      });
      await expect(tab.read()).resolves.toBe('OK');
      expect(tab.logouts).toEqual([]);
    });

    it('continues with the new pair when a refresh is overtaken by the change', async () => {
      const tab = open();
      let pair: TokenPair | undefined;
      refreshing(tab, async (deliver) => {
        const response = await deliver();
        pair = await changePassword(login.authToken);
        await tab.session.replace(pair);
        return response;
      });
      await expect(tab.read()).resolves.toBe('OK');
      await expect(tab.store.read()).resolves.toEqual(pair);
    });

    it('waits for the new pair in the tabs that receive SUPERSEDED first', async () => {
      const pair = await changePassword(login.authToken);
      const tab = open({ sleep: () => tab.session.replace(pair) });
      await expect(tab.read()).resolves.toBe('OK');
      expect(tab.logouts).toEqual([]);
    });

    it('replaces a pair that another tab has refreshed meanwhile', async () => {
      const tab = open();
      expire();
      await tab.read();
      const pair = await changePassword((await tab.store.read())?.authToken);
      await tab.session.replace(pair);
      await expect(tab.store.read()).resolves.toEqual(pair);
    });

    it.each(['the logout', 'the next login'])('keeps nothing of a new pair that arrives after %s', async (event) => {
      const tab = open();
      const pair = await changePassword(login.authToken);
      await tab.session.end();
      const next = event === 'the next login' ? pairOf(await tandem.login()) : undefined;
      if (next) await tab.session.begin(next);
      await tab.session.replace(pair);
      await expect(tab.store.read()).resolves.toEqual(next);
      expect(await isAlive(pair.authToken)).toBe(false);
    });

    it('asks for a login if the new pair was lost', async () => {
      const tab = open({ sleep: async () => undefined });
      await changePassword(login.authToken);
      await expect(tab.read()).resolves.toBe('UNAUTHENTICATED');
      expect(tab.logouts).toEqual(['REFRESH_TOKEN_SUPERSEDED']);
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

function pairOf({ authToken, refreshToken, sessionId }: Tokens): TokenPair {
  return { authToken, refreshToken, session: { id: sessionId } };
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
  return { read: step(store.read), update: step(store.update) };
}
