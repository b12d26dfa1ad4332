import { ApolloClient, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { startTandem, type Tandem } from '../support/harness.js';

describe('Apollo Client', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem({ LOGIN_ATTEMPTS_PER_PAIR: '1' })));
  afterAll(() => tandem.close());

  /** The extensions of the error that the client reports. */
  async function extensionsOf(document: string, headers: Record<string, string> = {}): Promise<unknown> {
    const client = new ApolloClient({
      link: new HttpLink({ uri: `${tandem.url}/graphql`, headers }),
      cache: new InMemoryCache(),
    });
    const operation = gql(document);
    const sent = document.startsWith('mutation')
      ? client.mutate({ mutation: operation })
      : client.query({ query: operation });
    const error = await sent.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return CombinedGraphQLErrors.is(error) ? error.errors[0]?.extensions : error;
  }

  const login = 'mutation { login(input: { email: "nobody@example.com", password: "wrong" }) { authToken } }';

  it('reports the extensions of errors from before GraphQL, too', async () => {
    const tooLarge = `{ tokenStatus { state ${'@include(if: true) '.repeat(60_000)} } }`;
    expect(await extensionsOf(tooLarge)).toMatchObject({ code: 'BAD_REQUEST', recovery: 'FIX_INPUT' });
    expect(await extensionsOf('{ tokenStatus { state } }', { 'content-encoding': 'gzip' })).toMatchObject({
      code: 'BAD_REQUEST',
      recovery: 'FIX_INPUT',
    });
  });

  it('reports the extensions of rejections and of limits', async () => {
    expect(await extensionsOf('{ me { id } }')).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'TOKEN_MISSING' });
    for (let attempt = 0; attempt < 2; attempt += 1) await extensionsOf(login);
    expect(await extensionsOf(login)).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) });
  });
});
