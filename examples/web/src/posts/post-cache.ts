import type { ApolloCache } from '@apollo/client';

/** After a change that can move posts in and out of lists: the next list is read from the server. */
export function forgetLists(cache: ApolloCache): void {
  cache.evict({ id: 'ROOT_QUERY', fieldName: 'posts' });
  cache.gc();
}
