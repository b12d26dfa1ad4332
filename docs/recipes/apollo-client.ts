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
  /** Called once when the session has ended on the server. The tokens are gone then; the user has to log in again. */
  onLoggedOut(): void;
  fetch?: typeof fetch;
}

/**
 * After a login, give its pair to `tokens.set`. After a logout, call `tokens.set(undefined)` and make a new client with
 * a new store: the cache of this one, and its requests in flight, belong to whoever left.
 */
export function tandemClient({ uri, tokens, onLoggedOut, fetch }: TandemClientOptions): ApolloClient {
  const http = new HttpLink({ uri, fetch });
  const bearer = () => `Bearer ${tokens.get()?.authToken}`;

  const attach = new SetContextLink(({ headers }) =>
    tokens.get() ? { headers: { ...headers, authorization: bearer() } } : {},
  );

  const recover = new ErrorLink(({ error, operation, forward }) => {
    if (!tokens.get() || !CombinedGraphQLErrors.is(error)) return;
    // An answer to an older token says nothing about the pair that has replaced it meanwhile.
    const isCurrent = operation.getContext()['headers']?.authorization === bearer();
    switch (error.errors[0]?.extensions?.['recovery']) {
      case 'REFRESH':
        // This link does not see the answer to what it forwards, so each request is repeated at most once.
        return defer(async () => isCurrent && (await refreshOnce())).pipe(switchMap(() => forward(operation)));
      case 'LOG_IN':
        if (isCurrent) logOut();
    }
  });

  // All requests of this page wait for one exchange. Two tabs may refresh at once: the server answers both with one pair.
  let refreshing: Promise<void> | undefined;
  const refreshOnce = () => (refreshing ??= refresh().finally(() => (refreshing = undefined)));

  // Goes to the http link directly: past `recover`, so that it cannot set off another refresh.
  async function refresh(): Promise<void> {
    const sent = tokens.get()?.refreshToken;
    const variables = { refresh: { refreshToken: sent } };
    const { data, errors } = await firstValueFrom(execute(http, { query: REFRESH, variables }, { client }));
    const pair: TokenPair | undefined = data?.['refreshToken'];
    // Whoever logged out meanwhile stays logged out.
    if (tokens.get()?.refreshToken !== sent) return;
    if (pair) return tokens.set(pair);
    if (errors?.[0]?.extensions?.['code'] === 'INVALID_REFRESH_TOKEN') logOut();
    // Anything else, such as SERVICE_UNAVAILABLE, fails the requests that wait; the tokens are kept for the next try.
    throw new CombinedGraphQLErrors({ data, errors });
  }

  function logOut(): void {
    tokens.set(undefined);
    onLoggedOut();
  }

  const client = new ApolloClient({ link: ApolloLink.from([recover, attach, http]), cache: new InMemoryCache() });
  return client;
}
