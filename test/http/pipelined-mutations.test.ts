import { LOGIN, PASSWORD, REFRESH, startTandem, type Tandem } from '../support/harness.js';
import { rawRequest, sendRaw } from '../support/raw-http.js';

const ROUNDS = 20;

interface Mutation {
  query: string;
  variables: object;
  token?: string;
}

const create = (token: string): Mutation => ({
  query: 'mutation ($input: CreatePostInput!) { createPost(input: $input) { post { id } } }',
  variables: { input: { title: 'Pipelined', body: '' } },
  token,
});
const logIn = (email: string): Mutation => ({ query: LOGIN, variables: { input: { email, password: PASSWORD } } });
const refresh = (refreshToken: string): Mutation => ({ query: REFRESH, variables: { input: { refreshToken } } });
const logOut = (token: string): Mutation => ({ query: 'mutation { logout { loggedOut } }', variables: {}, token });
const change = (token: string): Mutation => ({
  query: 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { authToken } }',
  variables: { input: { currentPassword: PASSWORD, newPassword: PASSWORD } },
  token,
});

describe('two mutations that a client pipelines on one connection', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem({ SESSION_LIMIT: '1000' })));
  afterAll(() => tandem.close());

  const bytesOf = ({ query, variables, token }: Mutation, connection: string) =>
    rawRequest(
      'POST',
      '/graphql',
      {
        'Content-Type': 'application/json',
        Connection: connection,
        ...(token && { Authorization: `Bearer ${token}` }),
      },
      JSON.stringify({ query, variables }),
    );

  it.each<[string, (email: string, token: string, refreshToken: string) => [Mutation, Mutation]]>([
    ['two new posts', (_email, token) => [create(token), create(token)]],
    ['a login and a new post', (email, token) => [logIn(email), create(token)]],
    ['a new post and a login', (email, token) => [create(token), logIn(email)]],
    ['two refreshes with one token', (_email, _token, refreshToken) => [refresh(refreshToken), refresh(refreshToken)]],
    ['a refresh and a logout', (_email, token, refreshToken) => [refresh(refreshToken), logOut(token)]],
    ['two changes of the password', (_email, token) => [change(token), change(token)]],
  ])('both get a response, and then the connection is closed: %s', async (_what, pairOf) => {
    const person = await tandem.person();
    const sessions = [];
    for (let round = 0; round < ROUNDS; round++) sessions.push(await tandem.login(person));
    const rounds = sessions.map(async ({ authToken, refreshToken }) => {
      const [first, second] = pairOf(person.email, authToken, refreshToken);
      // Reads until the server closes the connection. On a busy machine the database may respond too late: 503.
      const { status, body } = await sendRaw(tandem.url, bytesOf(first, 'keep-alive') + bytesOf(second, 'close'));
      expect([200, 400, 401, 503]).toContain(status);
      expect(body.match(/HTTP\/1\.1 (200|400|401|503)/g)).toHaveLength(1);
      expect(body.match(/connection: close/gi)).toHaveLength(1);
    });
    await Promise.all(rounds);
  });
});
