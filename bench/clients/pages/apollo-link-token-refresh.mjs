import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client/core';
import { TokenRefreshLink } from 'apollo-link-token-refresh';
import { logInWithTandem, READ, REFRESH, servePage } from './page.mjs';

let client;

function save({ authToken, refreshToken }) {
  localStorage.setItem('accessToken', authToken);
  localStorage.setItem('refreshToken', refreshToken);
}

const accessToken = () => localStorage.getItem('accessToken') ?? undefined;
const isExpired = () => {
  const { exp } = JSON.parse(atob((accessToken() ?? '').split('.')[1]));
  return exp * 1000 <= Date.now();
};
const logOut = async () => localStorage.clear();

/** As the README of the link. */
const refreshLink = new TokenRefreshLink({
  isTokenValidOrUndefined: async () => typeof accessToken() !== 'string' || !isExpired(),
  fetchAccessToken: () =>
    fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: REFRESH,
        variables: { input: { refreshToken: localStorage.getItem('refreshToken') } },
      }),
    }),
  handleResponse: () => async (response) => {
    const { data } = await response.json();
    return { access_token: data?.refreshToken };
  },
  handleFetch: (pair) => save(pair),
  handleError(error) {
    const isOffline = !navigator.onLine || (error instanceof TypeError && error.message === 'Network request failed');
    if (!isOffline) void logOut();
  },
});

const authLink = new ApolloLink((operation, forward) => {
  if (accessToken()) operation.setContext({ headers: { authorization: `Bearer ${accessToken()}` } });
  return forward(operation);
});

servePage({
  async start() {
    client = new ApolloClient({
      cache: new InMemoryCache(),
      link: ApolloLink.from([refreshLink, authLink, new HttpLink({ uri: '/graphql' })]),
    });
  },
  logIn: async () => save(await logInWithTandem()),
  logOut,
  isSignedIn: () => Boolean(accessToken()),
  read: () => client.query({ query: gql(READ), fetchPolicy: 'network-only' }),
});
