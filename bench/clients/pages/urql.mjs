import { Client, fetchExchange } from '@urql/core';
import { authExchange } from '@urql/exchange-auth';
import { logInWithTandem, READ, REFRESH, servePage } from './page.mjs';

let client;
let token;
let refreshToken;

function save(pair) {
  ({ authToken: token, refreshToken } = pair);
  localStorage.setItem('token', token);
  localStorage.setItem('refreshToken', refreshToken);
}

function clear() {
  token = refreshToken = undefined;
  localStorage.clear();
}

/** As the documentation of authExchange: reads the tokens once, and logs out if a refresh returns no tokens. */
const auth = authExchange(async (utils) => {
  token ??= localStorage.getItem('token');
  refreshToken ??= localStorage.getItem('refreshToken');
  return {
    addAuthToOperation: (operation) =>
      token ? utils.appendHeaders(operation, { Authorization: `Bearer ${token}` }) : operation,
    didAuthError: (error) => error.graphQLErrors.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED'),
    async refreshAuth() {
      const { data } = await utils.mutate(REFRESH, { input: { refreshToken } });
      if (data?.refreshToken) save(data.refreshToken);
      else clear();
    },
  };
});

servePage({
  async start() {
    token = localStorage.getItem('token') ?? undefined;
    client = new Client({
      url: `${location.origin}/graphql`,
      preferGetMethod: false,
      requestPolicy: 'network-only',
      exchanges: [auth, fetchExchange],
    });
  },
  logIn: async () => save(await logInWithTandem()),
  logOut: async () => clear(),
  isSignedIn: () => Boolean(token),
  async read() {
    const { error } = await client.query(READ, {}).toPromise();
    if (error) throw error;
  },
});
