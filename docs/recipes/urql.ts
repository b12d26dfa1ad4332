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
  /** Called once when the server has revoked the session. The tokens are discarded; the user must log in again. */
  onLoggedOut(): void;
  fetch?: typeof fetch;
}

/**
 * After a login, pass its pair to `tokens.set`. After a logout, call `tokens.set(undefined)` and create a new client with
 * a new store: the cache and the requests in flight of this one belong to the previous user.
 */
export function tandemClient({ url, tokens, onLoggedOut, fetch }: TandemClientOptions): Client {
  const authorization = () => `Bearer ${tokens.get()?.authToken}`;
  let rejected: string | undefined;

  const auth = authExchange(async ({ appendHeaders, mutate }) => ({
    addAuthToOperation: (operation) =>
      tokens.get() ? appendHeaders(operation, { authorization: authorization() }) : operation,

    didAuthError(error, operation) {
      if (!tokens.get() || recoveryOf(error) !== 'REFRESH') return false;
      rejected = authorizationOf(operation);
      return true;
    },

    // The exchange calls this once for all waiting requests, retries each of them once, and does not call it for `mutate`.
    // Two tabs may refresh at once: both receive the same refresh token.
    async refreshAuth() {
      const sent = tokens.get()?.refreshToken;
      // A late response to an older token says nothing about the pair that has replaced it meanwhile.
      if (!sent || rejected !== authorization()) return;
      const { data, error } = await mutate(REFRESH, { refresh: { refreshToken: sent } });
      // An error here fails the waiting requests. After SERVICE_UNAVAILABLE the tokens are kept for the next attempt.
      if (!data) throw error;
      // A user who logged out meanwhile stays logged out.
      if (tokens.get()?.refreshToken === sent) tokens.set(data.refreshToken);
    },
  }));

  // Before the auth exchange, so that it also sees what `refreshAuth` throws: INVALID_REFRESH_TOKEN has recovery LOG_IN.
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

/** The auth exchange reports what `refreshAuth` threw as a network error. */
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
