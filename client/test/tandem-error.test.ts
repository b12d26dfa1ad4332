import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { Client, fetchExchange } from '@urql/core';
import { GraphQLClient } from 'graphql-request';
import { Environment, fetchQuery, Network, RecordSource, Store, type ConcreteRequest } from 'relay-runtime';
import { startTandem, type Tandem } from '../../test/support/harness.js';
import { tandemError } from '../src/index.js';

const DOCUMENT = 'mutation Create { createPost(input: { title: "", body: "" }) { post { id } } }';
type Send = (url: string, headers: Record<string, string>) => Promise<unknown>;

/** How each library reports the error of an operation. */
const LIBRARIES: [string, Send][] = [
  ['Apollo Client', apollo],
  ['urql', urql],
  ['graphql-request', graphqlRequest],
  ['Relay', relay],
  ['fetch', plain],
];

describe.each(LIBRARIES)('tandemError with an error of %s', (_library, send) => {
  let tandem: Tandem;
  let url: string;
  beforeAll(async () => {
    tandem = await startTandem({ LOGIN_ATTEMPTS_PER_PAIR: '1' });
    url = `${tandem.url}/graphql`;
  });
  afterAll(() => tandem.close());

  it('reads code, reason and recovery', async () => {
    expect(tandemError(await send(url, {}))).toEqual({
      code: 'UNAUTHENTICATED',
      reason: 'TOKEN_MISSING',
      recovery: 'LOG_IN',
      fields: [],
    });
  });

  it('reads all problems of the input', async () => {
    const { authToken } = await tandem.login();
    expect(tandemError(await send(url, { authorization: `Bearer ${authToken}` }))).toMatchObject({
      code: 'BAD_USER_INPUT',
      recovery: 'FIX_INPUT',
      fields: [{ path: ['input', 'title'], reason: 'BLANK', message: expect.any(String) }],
    });
  });

  it('returns undefined for an error that the server has not sent', async () => {
    expect(tandemError(await send('http://127.0.0.1:1/graphql', {}))).toBeUndefined();
  });
});

describe('tandemError', () => {
  it('reads when a retry can succeed', () => {
    const extensions = { code: 'RATE_LIMITED', reason: null, recovery: 'RETRY', retryAfterSeconds: 30 };
    expect(tandemError({ errors: [{ message: '', extensions }] })).toEqual({
      code: 'RATE_LIMITED',
      recovery: 'RETRY',
      retryAfterSeconds: 30,
      fields: [],
    });
  });

  it.each([undefined, null, 'text', 7, {}, { errors: 'none' }, new Error('failed'), { errors: [{ extensions: {} }] }])(
    'returns undefined for %p',
    (value) => expect(tandemError(value)).toBeUndefined(),
  );

  it('ends for an error that is its own cause', () => {
    const error = new Error('failed');
    error.cause = error;
    expect(tandemError(error)).toBeUndefined();
  });
});

async function apollo(uri: string, headers: Record<string, string>): Promise<unknown> {
  const client = new ApolloClient({ link: new HttpLink({ uri, headers }), cache: new InMemoryCache() });
  return client.mutate({ mutation: gql(DOCUMENT) }).catch((error: unknown) => error);
}

async function urql(url: string, headers: Record<string, string>): Promise<unknown> {
  const client = new Client({ url, preferGetMethod: false, exchanges: [fetchExchange], fetchOptions: { headers } });
  return (await client.mutation(DOCUMENT, {})).error;
}

async function graphqlRequest(url: string, headers: Record<string, string>): Promise<unknown> {
  return new GraphQLClient(url, { headers }).request(DOCUMENT).catch((error: unknown) => error);
}

async function relay(url: string, headers: Record<string, string>): Promise<unknown> {
  const environment = new Environment({
    store: new Store(new RecordSource()),
    network: Network.create(async ({ text }) => {
      const body = JSON.stringify({ query: text });
      const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body };
      return (await fetch(url, init)).json();
    }),
  });
  return fetchQuery(environment, relayRequest(), {})
    .toPromise()
    .catch((error: unknown) => error);
}

async function plain(url: string, headers: Record<string, string>): Promise<unknown> {
  const body = JSON.stringify({ query: DOCUMENT });
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body };
  return fetch(url, init).then(
    (response) => response.json(),
    (error: unknown) => error,
  );
}

/** What relay-compiler makes of a document, as far as a network reads it. `fetchQuery` accepts only queries. */
function relayRequest(): ConcreteRequest {
  const fragment = {
    kind: 'Fragment',
    name: 'Create',
    type: 'Mutation',
    argumentDefinitions: [],
    selections: [],
  } as const;
  return {
    kind: 'Request',
    fragment: { ...fragment, metadata: null, abstractKey: null },
    operation: { kind: 'Operation', name: 'Create', argumentDefinitions: [], selections: [] },
    params: { cacheID: 'create', id: null, metadata: {}, name: 'Create', operationKind: 'query', text: DOCUMENT },
  };
}
