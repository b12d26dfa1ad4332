import { CombinedGraphQLErrors, gql } from '@apollo/client';
import { CombinedError } from '@urql/core';
import { tandemClient as apolloClient } from '../../docs/recipes/apollo-client.js';
import { memoryTokenStore, webTokenStore, type TokenStore } from '../../docs/recipes/token-store.js';
import { tandemClient as urqlClient } from '../../docs/recipes/urql.js';
import { startTandem, type Tandem, type Tokens } from '../support/harness.js';
import { wire, type Wire } from './wire.js';

const HOUR_AND_A_SECOND = 3601;
const LOGIN = 'mutation Login($login: LoginInput!) { login(input: $login) { authToken refreshToken } }';

interface Page {
  tokens: TokenStore;
  network: Wire;
  logouts: number;
  /** Sends a document; fails with the error code, or the message of an error that has none. */
  run(document: string, variables?: object): Promise<void>;
  read(name?: string): Promise<void>;
}

describe.each([
  ['Apollo Client', onApollo],
  ['urql', onUrql],
])('the recipe for %s', (_library, runOn) => {
  let tandem: Tandem;
  let login: Tokens;
  beforeAll(async () => {
    tandem = await startTandem();
  });
  afterAll(() => tandem.close());
  beforeEach(async () => {
    login = await tandem.login();
  });

  function open(tokens: TokenStore = memoryTokenStore()): Page {
    tokens.set(login);
    const network = wire();
    const run = runOn(`${tandem.url}/graphql`, {
      tokens,
      onLoggedOut: () => (page.logouts += 1),
      fetch: network.fetch,
    });
    const read = (name = 'Read') => run(`query ${name} { posts(first: 1) { nodes { id } } }`);
    const page: Page = { tokens, network, logouts: 0, run, read };
    return page;
  }

  function expired(): Page {
    const page = open();
    tandem.clock.advance(HOUR_AND_A_SECOND);
    return page;
  }

  it('keeps the tokens while the service is unavailable', async () => {
    const page = open();
    page.network.intercept = async () => answer(503, 'SERVICE_UNAVAILABLE', 'RETRY');
    await expect(page.read()).rejects.toBe('SERVICE_UNAVAILABLE');
    expect(page.network.count('Refresh')).toBe(0);

    page.network.intercept = undefined;
    await page.read();
    expect(page.logouts).toBe(0);
  });

  it.each([
    ['503', 'SERVICE_UNAVAILABLE', () => answer(503, 'SERVICE_UNAVAILABLE', 'RETRY')],
    ['429', 'RATE_LIMITED', () => answer(429, 'RATE_LIMITED', 'RETRY')],
    ['a page of a proxy', expect.any(String), () => new Response('<h1>Bad gateway</h1>', { status: 502 })],
  ])('keeps the tokens when the refresh returns %s, and retries with the next request', async (_case, code, reply) => {
    const page = expired();
    page.network.intercept = async ({ operationName }) => (operationName === 'Refresh' ? reply() : undefined);
    await expect(page.read()).rejects.toEqual(code);
    expect(page.network.count('Refresh')).toBe(1);

    page.network.intercept = undefined;
    await page.read();
    expect(page.network.count('Refresh')).toBe(2);
    expect(page.logouts).toBe(0);
  });

  it('recovers from a refresh whose response was lost', async () => {
    const page = expired();
    page.network.intercept = async ({ operationName }) => {
      if (operationName !== 'Refresh') return undefined;
      await tandem.refresh(login.refreshToken);
      throw new TypeError('fetch failed');
    };
    await expect(page.read()).rejects.toMatch('fetch failed');

    page.network.intercept = undefined;
    await page.read();
    expect(page.logouts).toBe(0);
  });

  it('does not refresh again for a late response to the previous token', async () => {
    const page = expired();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    page.network.intercept = async ({ operationName }) => {
      if (operationName === 'Late') await held;
      return undefined;
    };
    const late = page.read('Late');
    await page.read();
    release();
    await late;
    expect(page.network.count('Late')).toBe(2);
    expect(page.network.count('Refresh')).toBe(1);
  });

  it('repeats a request at most once', async () => {
    const page = open();
    page.network.intercept = async ({ operationName }) =>
      operationName === 'Read' ? answer(401, 'UNAUTHENTICATED', 'REFRESH') : undefined;
    await expect(page.read()).rejects.toBe('UNAUTHENTICATED');
    expect(page.network.count('Read')).toBe(2);
    expect(page.network.count('Refresh')).toBe(1);
  });

  it('does not repeat a refresh, even after UNAUTHENTICATED', async () => {
    const page = expired();
    page.network.intercept = async ({ operationName }) =>
      operationName === 'Refresh' ? answer(401, 'UNAUTHENTICATED', 'REFRESH') : undefined;
    await expect(page.read()).rejects.toBe('UNAUTHENTICATED');
    expect(page.network.count('Refresh')).toBe(1);
  });

  it('does not refresh after a rejected login', async () => {
    const page = expired();
    const wrong = { login: { email: 'nobody@example.com', password: 'wrong wrong wrong' } };
    await expect(page.run(LOGIN, wrong)).rejects.toBe('INVALID_CREDENTIALS');
    expect(page.network.sent).toHaveLength(1);
    expect(page.logouts).toBe(0);
  });

  it('stays logged out when the user logs out during a refresh', async () => {
    const page = expired();
    page.network.intercept = async ({ operationName }) => {
      if (operationName === 'Refresh') page.tokens.set(undefined);
      return undefined;
    };
    await expect(page.read()).rejects.toBe('UNAUTHENTICATED');
    expect(page.tokens.get()).toBeUndefined();
    expect(page.logouts).toBe(0);
  });

  it('reports a revoked session once for all requests in flight', async () => {
    const page = expired();
    await tandem.send('mutation ($i: LogoutInput) { logout(input: $i) { loggedOut } }', {
      i: { refreshToken: login.refreshToken },
    });
    const answers = await Promise.allSettled([page.read('One'), page.read('Two'), page.read('Three')]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(page.logouts).toBe(1);
    expect(page.tokens.get()).toBeUndefined();

    await expect(page.read()).rejects.toBe('UNAUTHENTICATED');
    expect(page.logouts).toBe(1);
  });

  it('lets tabs share a storage when any of them refreshes', async () => {
    const storage = new Map<string, string>();
    const shared = {
      getItem: (key: string) => storage.get(key) ?? null,
      setItem: (key: string, value: string) => void storage.set(key, value),
      removeItem: (key: string) => void storage.delete(key),
    };
    const [busy, idle] = [open(webTokenStore(shared)), open(webTokenStore(shared))];
    for (let hour = 0; hour < 3; hour += 1) {
      tandem.clock.advance(HOUR_AND_A_SECOND);
      await busy.read();
    }
    await idle.read();
    expect(idle.network.count('Refresh')).toBe(0);
    expect([busy.logouts, idle.logouts]).toEqual([0, 0]);

    busy.tokens.set(undefined);
    expect(idle.tokens.get()).toBeUndefined();
  });

  it('can refresh in two tabs at once', async () => {
    const tabs = [open(), open()];
    for (let hour = 0; hour < 2; hour += 1) {
      tandem.clock.advance(HOUR_AND_A_SECOND);
      await Promise.all(tabs.map((tab) => tab.read()));
    }
    expect(tabs.map((tab) => tab.logouts)).toEqual([0, 0]);
    expect(tabs[0]?.tokens.get()?.refreshToken).toBe(tabs[1]?.tokens.get()?.refreshToken);
  });
});

interface Options {
  tokens: TokenStore;
  onLoggedOut(): void;
  fetch: typeof fetch;
}

function onApollo(uri: string, options: Options): Page['run'] {
  const client = apolloClient({ uri, ...options });
  return async (document, variables) => {
    const query = gql(document);
    const sent = document.startsWith('mutation')
      ? client.mutate({ mutation: query, variables })
      : client.query({ query, variables, fetchPolicy: 'network-only' });
    await sent.catch((error: Error) => {
      throw CombinedGraphQLErrors.is(error) ? error.errors[0]?.extensions?.['code'] : error.message;
    });
  };
}

function onUrql(url: string, options: Options): Page['run'] {
  const client = urqlClient({ url, ...options });
  return async (document, variables = {}) => {
    const { error } = await (document.startsWith('mutation')
      ? client.mutation(document, variables)
      : client.query(document, variables, { requestPolicy: 'network-only' }));
    if (error instanceof CombinedError) throw error.graphQLErrors[0]?.extensions['code'] ?? error.message;
  };
}

function answer(status: number, code: string, recovery: string): Response {
  const headers = { 'content-type': 'application/graphql-response+json' };
  const errors = [{ message: code, extensions: { code, reason: null, recovery } }];
  return new Response(JSON.stringify({ errors }), { status, headers });
}
