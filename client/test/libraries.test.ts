import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { QueryClient } from '@tanstack/react-query';
import { Client, fetchExchange } from '@urql/core';
import { GraphQLClient } from 'graphql-request';
import { Network, type GraphQLResponse, type RequestParameters } from 'relay-runtime';
import { wire, type Wire } from '../../test/client/wire.js';
import { PASSWORD, startTandem, type Person, type Tandem } from '../../test/support/harness.js';
import { createTandemClient, memoryTokenStore, tandemError, type TandemClient, type TokenPair } from '../src/index.js';
import { relayFetch } from '../src/relay.js';
import { manualClock } from './support/manual-clock.js';
import { LOGIN } from './support/tab.js';

const READ = 'query Read { me { email } }';
const CREATE = 'mutation Create($input: CreatePostInput!) { createPost(input: $input) { post { id } } }';
const OPERATIONS = {
  Login: { token: false, retry: 'never' },
  Read: { token: true, retry: 'always' },
  Create: { token: true, retry: 'with-key' },
} as const;
const HOUR_AND_A_SECOND = 3601;

/** Sends an operation. Rejects with the error of the library. */
type Send = (document: string, variables?: object) => Promise<unknown>;

describe.each([
  ['Apollo Client', onApollo],
  ['urql', onUrql],
  ['graphql-request', onGraphqlRequest],
  ['TanStack Query', onTanstackQuery],
  ["Relay's network", onRelay],
])('%s', (_library, sendOn) => {
  let tandem: Tandem;
  let person: Person;
  let network: Wire;
  let client: TandemClient;
  let send: Send;
  beforeAll(async () => {
    tandem = await startTandem({ LOGIN_ATTEMPTS_PER_PAIR: '2' });
  });
  afterAll(() => tandem.close());
  beforeEach(async () => {
    person = await tandem.person();
    network = wire();
    const clock = manualClock();
    clock.skipBelowMs = 5_000;
    const url = `${tandem.url}/graphql`;
    client = createTandemClient({
      url,
      store: memoryTokenStore(),
      operations: OPERATIONS,
      fetch: network.fetch,
      clock,
    });
    send = sendOn(url, client);
  });
  afterEach(() => client.dispose());

  const login = async (input: object = {}) => {
    const credentials = { email: person.email, password: PASSWORD, ...input };
    const { login: pair } = (await send(LOGIN, { input: credentials })) as { login: TokenPair };
    await client.signIn(pair);
  };
  const errorOf = (sent: Promise<unknown>) => sent.then(() => undefined, tandemError);

  it('logs in, reads, refreshes once for all requests in flight, and logs out', async () => {
    await login();
    expect(client.session()?.accountId).toBe(person.id);
    await expect(send(READ)).resolves.toMatchObject({ me: { email: person.email } });

    tandem.clock.advance(HOUR_AND_A_SECOND);
    await expect(Promise.all([send(READ), send(READ), send(READ)])).resolves.toHaveLength(3);
    expect(network.count('Refresh')).toBe(1);

    await expect(client.signOut()).resolves.toBe(true);
    await expect(errorOf(send(READ))).resolves.toMatchObject({ reason: 'TOKEN_MISSING', recovery: 'LOG_IN' });
  });

  it('sends no token with an operation that needs none', async () => {
    await login();
    await login();
    await send(READ);
    expect(network.sent.map(({ authorization }) => Boolean(authorization))).toEqual([false, false, true]);
  });

  it('retries a read that failed with 503 or the page of a proxy, and no mutation without a key', async () => {
    await login();
    const answers = [unavailable(), badGateway()];
    network.intercept = async (_request, deliver) => answers.shift() ?? deliver();
    await send(READ);
    expect(network.count('Read')).toBe(3);

    network.intercept = async () => badGateway();
    await expect(send(CREATE, { input: { title: 'Once', body: '' } })).rejects.toBeDefined();
    expect(network.count('Create')).toBe(1);
  });

  it('reports errors that tandemError reads', async () => {
    await expect(errorOf(login({ password: 'wrong' }))).resolves.toMatchObject({
      code: 'INVALID_CREDENTIALS',
      reason: 'WRONG_EMAIL_OR_PASSWORD',
      recovery: 'FIX_INPUT',
      fields: [],
    });
    await expect(errorOf(login({ email: 'x'.repeat(300) }))).resolves.toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: ['input', 'email'], reason: 'TOO_LONG', message: expect.any(String) }],
    });
    for (let attempt = 0; attempt < 3; attempt += 1) await errorOf(login({ password: 'wrong' }));
    await expect(errorOf(login({ password: 'wrong' }))).resolves.toMatchObject({
      code: 'RATE_LIMITED',
      recovery: 'RETRY',
      retryAfterSeconds: expect.any(Number),
    });
    await expect(errorOf(send(READ))).resolves.toMatchObject({ code: 'UNAUTHENTICATED', reason: 'TOKEN_MISSING' });
  });

  it('reports a lost connection as an error that does not come from the server', async () => {
    network.intercept = async () => Promise.reject(new TypeError('Failed to fetch'));
    const sent = login();
    await expect(sent).rejects.toBeDefined();
    await expect(errorOf(sent)).resolves.toBeUndefined();
  });
});

const badGateway = () =>
  new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'content-type': 'text/html' } });

function unavailable(): Response {
  const errors = [
    { message: '', extensions: { code: 'SERVICE_UNAVAILABLE', recovery: 'RETRY', retryAfterSeconds: 1 } },
  ];
  const headers = { 'content-type': 'application/graphql-response+json' };
  return new Response(JSON.stringify({ errors }), { status: 503, headers });
}

function onApollo(uri: string, tandem: TandemClient): Send {
  const client = new ApolloClient({ link: new HttpLink({ uri, fetch: tandem.fetch }), cache: new InMemoryCache() });
  return async (text, variables) => {
    const document = gql(text);
    const { data } = await (text.startsWith('mutation')
      ? client.mutate({ mutation: document, variables })
      : client.query({ query: document, variables, fetchPolicy: 'no-cache', context: { queryDeduplication: false } }));
    return data;
  };
}

function onUrql(url: string, tandem: TandemClient): Send {
  const client = new Client({ url, fetch: tandem.fetch, preferGetMethod: false, exchanges: [fetchExchange] });
  return async (text, variables = {}) => {
    const { data, error } = await (text.startsWith('mutation')
      ? client.mutation(text, variables)
      : client.query(text, variables));
    if (error) throw error;
    return data;
  };
}

function onGraphqlRequest(url: string, tandem: TandemClient): Send {
  const client = new GraphQLClient(url, { fetch: tandem.fetch });
  return (text, variables) => client.request(text, variables);
}

function onTanstackQuery(url: string, tandem: TandemClient): Send {
  const send = onGraphqlRequest(url, tandem);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return (text, variables) => client.fetchQuery({ queryKey: [text, variables], queryFn: () => send(text, variables) });
}

/** Only the network: relay.heavy.test.ts runs the rest, which needs what relay-compiler writes. */
function onRelay(url: string, tandem: TandemClient): Send {
  const network = Network.create(relayFetch(url, tandem));
  return async (text, variables = {}) => {
    const name = /\w+\s+(\w+)/.exec(text)?.[1] ?? '';
    const request: RequestParameters = { id: null, text, name, cacheID: name, operationKind: 'query', metadata: {} };
    const result = await network.execute(request, variables, { force: true }).toPromise();
    const { data, errors } = result as Exclude<GraphQLResponse, readonly unknown[]> & { errors?: unknown };
    if (errors) throw Object.assign(new Error('No data returned'), { source: { errors } });
    return data;
  };
}
