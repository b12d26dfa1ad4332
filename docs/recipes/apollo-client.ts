import { ApolloClient, ApolloLink, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { execute } from '@apollo/client/link';
import { defer, firstValueFrom, switchMap } from 'rxjs';
import type { TokenPair, TokenStore } from './token-store.js';

const REFRESH = gql`
  mutation Refresh($refresh: RefreshTokenInput!) {
    refreshToken(input: $refresh) {
      authToken
      refreshToken
    }
  }
`;

export interface TandemClientOptions {
  uri: string;
  tokens: TokenStore;
  /** Called once when the server has revoked the session. The tokens are discarded; the user must log in again. */
  onLoggedOut(): void;
  fetch?: typeof fetch;
}

/**
 * After a login, pass its pair to `tokens.set`. After a logout, call `tokens.set(undefined)` and create a new client with
 * a new store: the cache and the requests in flight of this one belong to the previous user.
 */
export function tandemClient({ uri, tokens, onLoggedOut, fetch }: TandemClientOptions): ApolloClient {
  const http = new HttpLink({ uri, fetch });
  const bearer = () => `Bearer ${tokens.get()?.authToken}`;

  const attach = new SetContextLink(({ headers }) =>
    tokens.get() ? { headers: { ...headers, authorization: bearer() } } : {},
  );

  const recover = new ErrorLink(({ error, operation, forward }) => {
    if (!tokens.get() || !CombinedGraphQLErrors.is(error)) return;
    // A response to an older token says nothing about the pair that has replaced it meanwhile.
    const isCurrent = operation.getContext()['headers']?.authorization === bearer();
    switch (error.errors[0]?.extensions?.['recovery']) {
      case 'REFRESH':
        // This link does not see the response to what it forwards, so each request is retried at most once.
        return defer(async () => isCurrent && (await refreshOnce())).pipe(switchMap(() => forward(operation)));
      case 'LOG_IN':
        if (isCurrent) logOut();
    }
  });

  // All requests of this page wait for one refresh. Two tabs may refresh at once: both receive the same refresh token.
  let refreshing: Promise<void> | undefined;
  const refreshOnce = () => (refreshing ??= refresh().finally(() => (refreshing = undefined)));

  // Uses the http link directly, without `recover`, so that it cannot cause another refresh.
  async function refresh(): Promise<void> {
    const sent = tokens.get()?.refreshToken;
    const variables = { refresh: { refreshToken: sent } };
    const { data, errors } = await firstValueFrom(execute(http, { query: REFRESH, variables }, { client }));
    const pair: TokenPair | undefined = data?.['refreshToken'];
    // A user who logged out meanwhile stays logged out.
    if (tokens.get()?.refreshToken !== sent) return;
    if (pair) return tokens.set(pair);
    if (errors?.[0]?.extensions?.['code'] === 'INVALID_REFRESH_TOKEN') logOut();
    // Any other error, such as SERVICE_UNAVAILABLE, fails the waiting requests. The tokens are kept for the next attempt.
    throw new CombinedGraphQLErrors({ data, errors });
  }

  function logOut(): void {
    tokens.set(undefined);
    onLoggedOut();
  }

  const client = new ApolloClient({ link: ApolloLink.from([recover, attach, http]), cache: new InMemoryCache() });
  return client;
}
