import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import type { Session } from './session.js';

/** After a logout create a new client, because the cache of this one belongs to the previous user. */
export function tandemClient(uri: string, session: Session): ApolloClient {
  return new ApolloClient({ link: new HttpLink({ uri, fetch: session.fetch }), cache: new InMemoryCache() });
}
