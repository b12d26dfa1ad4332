import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import type { Session } from './session.js';

/** After a logout create a new client, because the cache of this one belongs to the previous user. */
export function tandemClient(uri: string, session: Pick<Session, 'fetch'>): ApolloClient {
  return new ApolloClient({ link: new HttpLink({ uri, fetch: session.fetch }), cache: tandemCache() });
}

/** Appends the pages that `fetchMore` loads. A list with another filter or order is another list. */
export function tandemCache(): InMemoryCache {
  return new InMemoryCache({
    possibleTypes: { Node: ['Account', 'Post'] },
    typePolicies: {
      Account: { fields: { securityEvents: relayStylePagination() } },
      Query: { fields: { posts: relayStylePagination(['filter', 'orderBy']) } },
    },
  });
}
