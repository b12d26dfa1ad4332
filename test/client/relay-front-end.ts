import { commitMutation, Environment, fetchQuery, Network, RecordSource, Store } from 'relay-runtime';
import AccountQuery, { type FrontAccountRefetchQuery } from './__generated__/FrontAccountRefetchQuery.graphql.js';
import CreatePost, { type FrontCreateMutation } from './__generated__/FrontCreateMutation.graphql.js';
import PostQuery, { type FrontPostRefetchQuery } from './__generated__/FrontPostRefetchQuery.graphql.js';
import Viewer, { type FrontViewerQuery } from './__generated__/FrontViewerQuery.graphql.js';
import Posts, { type FrontPostsQuery } from './__generated__/FrontPostsQuery.graphql.js';
import type { RelayFrontEnd } from './relay.js';

/** A front-end on Relay's runtime. Only `relay.heavy.test.ts` compiles it, after relay-compiler has written what it imports. */
export function relayFrontEnd(url: string, authToken: string): RelayFrontEnd {
  const store = new Store(new RecordSource());
  const environment = new Environment({
    store,
    network: Network.create(async ({ text }, variables) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${authToken}` };
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query: text, variables }) });
      return response.json();
    }),
    // An account and its public form, the user, have the same ID.
    getDataID: ({ id }, type) => (typeof id === 'string' ? `${type}:${id}` : undefined),
  });

  return {
    async me() {
      const data = await fetchQuery<FrontViewerQuery>(environment, Viewer, {}).toPromise();
      return data?.me.id;
    },
    createPost: (title) =>
      new Promise((resolve, reject) => {
        commitMutation<FrontCreateMutation>(environment, {
          mutation: CreatePost,
          variables: { post: { title, body: '', publish: true } },
          onCompleted: ({ createPost }) => resolve(createPost.post.id),
          onError: reject,
        });
      }),
    async posts(first) {
      const order = { field: 'UPDATED_AT', direction: 'ASC' } as const;
      const data = await fetchQuery<FrontPostsQuery>(environment, Posts, { first, orderBy: order }).toPromise();
      return data?.posts.edges.map(({ node }) => `${node.title} by ${node.author.displayName}`);
    },
    async refetchesAccount(id) {
      const data = await fetchQuery<FrontAccountRefetchQuery>(environment, AccountQuery, { id }).toPromise();
      return Boolean(data?.node);
    },
    async refetchesPost(id) {
      const data = await fetchQuery<FrontPostRefetchQuery>(environment, PostQuery, { id }).toPromise();
      return Boolean(data?.node);
    },
    recordsWithId: (id) =>
      store
        .getSource()
        .getRecordIDs()
        .filter((name) => name.endsWith(id)),
  };
}
