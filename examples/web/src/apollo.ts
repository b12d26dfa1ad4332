import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { GRAPHQL_URL, tandem } from './tandem';

export const apollo = new ApolloClient({
  link: new HttpLink({ uri: GRAPHQL_URL, fetch: tandem.fetch }),
  cache: new InMemoryCache({
    typePolicies: {
      Query: { fields: { posts: relayStylePagination(['filter']) } },
      Account: { fields: { securityEvents: relayStylePagination() } },
    },
  }),
});

// The next account must not see what this one has read.
tandem.on('signedOut', () => void apollo.clearStore());
