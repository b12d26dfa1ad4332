import { cacheExchange, Client, fetchExchange } from '@urql/core';
import type { Session } from './session.js';

/** After a logout create a new client, because the cache of this one belongs to the previous user. */
export function tandemClient(url: string, session: Pick<Session, 'fetch'>): Client {
  return new Client({ url, fetch: session.fetch, preferGetMethod: false, exchanges: [cacheExchange, fetchExchange] });
}
