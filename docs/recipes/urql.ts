import { Client, fetchExchange, gql, mapExchange, CombinedError, type Operation } from '@urql/core';
import { authExchange } from '@urql/exchange-auth';
import type { TokenPair, TokenStore } from './token-store.js';

const REFRESH = gql<{ refreshToken: TokenPair }, { refresh: { refreshToken: string } }>`
  mutation Refresh($refresh: RefreshTokenInput!) {
    refreshToken(input: $refresh) {
      authToken
      refreshToken
    }
  }
`;

export interface TandemClientOptions {
  url: string;
  tokens: TokenStore;
  /** Called once when the session has ended on the server. The tokens are gone then; the user has to log in again. */
  onLoggedOut(): void;
  fetch?: typeof fetch;
}

/**
 * After a login, give its pair to `tokens.set`. After a logout, call `tokens.set(undefined)` and make a new client with
 * a new store: the cache of this one, and its requests in flight, belong to whoever left.
 */
export function tandemClient({ url, tokens, onLoggedOut, fetch }: TandemClientOptions): Client {
  const authorization = () => `Bearer ${tokens.get()?.authToken}`;
  let refused: string | undefined;

  const auth = authExchange(async ({ appendHeaders, mutate }) => ({
    addAuthToOperation: (operation) =>
      tokens.get() ? appendHeaders(operation, { authorization: authorization() }) : operation,

    didAuthError(error, operation) {
      if (!tokens.get() || recoveryOf(error) !== 'REFRESH') return false;
      refused = authorizationOf(operation);
      return true;
    },

    // The exchange runs this once for all requests that wait, repeats each of them once, and never comes here for `mutate`.
    // Two tabs may refresh at once: the server answers both with the same refresh token.
    async refreshAuth() {
      const sent = tokens.get()?.refreshToken;
      // A late answer to an older token: the pair that has replaced it meanwhile is good.
      if (!sent || refused !== authorization()) return;
      const { data, error } = await mutate(REFRESH, { refresh: { refreshToken: sent } });
      // What fails here fails the requests that wait. After SERVICE_UNAVAILABLE the tokens are kept for the next try.
      if (!data) throw error;
      // Whoever logged out meanwhile stays logged out.
      if (tokens.get()?.refreshToken === sent) tokens.set(data.refreshToken);
    },
  }));

  // Stands before the auth exchange, so that it sees what `refreshAuth` throws too: INVALID_REFRESH_TOKEN says LOG_IN.
  const logOut = mapExchange({
    onResult(result) {
      const error = unwrapped(result.error);
      const isCurrent = tokens.get() && authorizationOf(result.operation) === authorization();
      if (error && isCurrent && recoveryOf(error) === 'LOG_IN') {
        tokens.set(undefined);
        onLoggedOut();
      }
      return { ...result, error };
    },
  });

  return new Client({ url, fetch, preferGetMethod: false, exchanges: [logOut, auth, fetchExchange] });
}

/** The auth exchange hands on what `refreshAuth` threw as if it were a network error. */
function unwrapped(error: CombinedError | undefined): CombinedError | undefined {
  return error?.networkError instanceof CombinedError ? error.networkError : error;
}

function recoveryOf(error: CombinedError): unknown {
  return error.graphQLErrors[0]?.extensions['recovery'];
}

function authorizationOf({ context: { fetchOptions } }: Operation): string | undefined {
  const { headers } = (typeof fetchOptions === 'function' ? fetchOptions() : fetchOptions) ?? {};
  return new Headers(headers).get('authorization') ?? undefined;
}
