import { CombinedGraphQLErrors, gql } from '@apollo/client';
import { CombinedError } from '@urql/core';
import { tandemClient as apolloClient } from '../../docs/recipes/apollo-client.js';
import { openSession, type Session } from '../../docs/recipes/session.js';
import { memoryTokenStore, type TokenStore } from '../../docs/recipes/token-store.js';
import { tandemClient as urqlClient } from '../../docs/recipes/urql.js';
import { startTandem, type Tandem, type Tokens } from '../support/harness.js';
import { answer } from './answer.js';
import { gate, wire, type Wire } from './wire.js';

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

  async function open(tokens: TokenStore = memoryTokenStore()): Promise<Page> {
    const network = wire();
    const url = `${tandem.url}/graphql`;
    const session = openSession({ url, tokens, onLoggedOut: () => (page.logouts += 1), fetch: network.fetch });
    await session.begin({ ...login, session: { id: login.sessionId } });
    const run = runOn(url, session);
    const read = (name = 'Read') => run(`query ${name} { posts(first: 1) { nodes { id } } }`);
    const page: Page = { tokens, network, logouts: 0, run, read };
    return page;
  }

  async function expired(): Promise<Page> {
    const page = await open();
    tandem.clock.advance(HOUR_AND_A_SECOND);
    return page;
  }

  it('keeps the tokens while the service is unavailable', async () => {
    const page = await open();
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
    const page = await expired();
    page.network.intercept = async ({ operationName }, deliver) => (operationName === 'Refresh' ? reply() : deliver());
    await expect(page.read()).rejects.toEqual(code);
    expect(page.network.count('Refresh')).toBe(1);

    page.network.intercept = undefined;
    await page.read();
    expect(page.network.count('Refresh')).toBe(2);
    expect(page.logouts).toBe(0);
  });

  it('retries a refresh whose response was lost with the same key', async () => {
    const page = await expired();
    page.network.intercept = async ({ operationName }, deliver) => {
      const response = await deliver();
      if (operationName === 'Refresh') throw new TypeError('fetch failed');
      return response;
    };
    await expect(page.read()).rejects.toMatch('fetch failed');

    page.network.intercept = undefined;
    await page.read();
    const keys = page.network.sent.map(({ variables }) => variables?.refresh?.idempotencyKey).filter(Boolean);
    expect(keys).toEqual([expect.stringMatching(/^[!-~]{16,128}$/), keys[0]]);
    expect(page.logouts).toBe(0);
  });

  it('does not refresh again for a late response to the previous token', async () => {
    const page = await expired();
    const late = gate();
    page.network.intercept = async ({ operationName }, deliver) => {
      if (operationName === 'Late') await late.opened;
      return deliver();
    };
    const reading = page.read('Late');
    await page.read();
    late.open();
    await reading;
    expect(page.network.count('Late')).toBe(2);
    expect(page.network.count('Refresh')).toBe(1);
  });

  it('refreshes once for all requests in flight', async () => {
    const page = await expired();
    await Promise.all([page.read('One'), page.read('Two'), page.read('Three')]);
    expect(page.network.count('Refresh')).toBe(1);
  });

  it('repeats a request at most once', async () => {
    const page = await open();
    page.network.intercept = async ({ operationName }, deliver) =>
      operationName === 'Read' ? answer(401, 'UNAUTHENTICATED', 'REFRESH') : deliver();
    await expect(page.read()).rejects.toBe('UNAUTHENTICATED');
    expect(page.network.count('Read')).toBe(2);
    expect(page.network.count('Refresh')).toBe(1);
  });

  it('does not repeat a refresh, even after UNAUTHENTICATED', async () => {
    const page = await expired();
    page.network.intercept = async ({ operationName }, deliver) =>
      operationName === 'Refresh' ? answer(401, 'UNAUTHENTICATED', 'REFRESH') : deliver();
    await expect(page.read()).rejects.toBe('UNAUTHENTICATED');
    expect(page.network.count('Refresh')).toBe(1);
  });

  it('does not refresh after a rejected login', async () => {
    const page = await expired();
    const wrong = { login: { email: 'nobody@example.com', password: 'wrong wrong wrong' } };
    await expect(page.run(LOGIN, wrong)).rejects.toBe('INVALID_CREDENTIALS');
    expect(page.network.sent).toHaveLength(1);
    expect(page.logouts).toBe(0);
  });

  it('reports a revoked session once for all requests in flight', async () => {
    const page = await expired();
    await tandem.send('mutation ($i: LogoutInput) { logout(input: $i) { loggedOut } }', {
      i: { refreshToken: login.refreshToken },
    });
    const answers = await Promise.allSettled([page.read('One'), page.read('Two'), page.read('Three')]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(page.logouts).toBe(1);
    await expect(page.tokens.read()).resolves.toBeUndefined();

    await expect(page.read()).rejects.toBe('UNAUTHENTICATED');
    expect(page.logouts).toBe(1);
  });
});

function onApollo(uri: string, session: Session): Page['run'] {
  const client = apolloClient(uri, session);
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

function onUrql(url: string, session: Session): Page['run'] {
  const client = urqlClient(url, session);
  return async (document, variables = {}) => {
    const { error } = await (document.startsWith('mutation')
      ? client.mutation(document, variables)
      : client.query(document, variables, { requestPolicy: 'network-only' }));
    if (error instanceof CombinedError) throw error.graphQLErrors[0]?.extensions['code'] ?? error.message;
  };
}
