// The hand-written schema and resolvers of both GraphQL references. `context` is { viewer, ipAddress, userAgent }.
import { GraphQLError } from 'graphql';
import { cursorOf, idOf, isoTime } from './tokens.mjs';

export const typeDefs = `
  type Query {
    post(id: ID!): Post
    posts(first: Int, after: String): PostConnection!
  }
  type Mutation {
    login(input: LoginInput!): TokenPair!
    refreshToken(input: RefreshTokenInput!): TokenPair!
  }
  input LoginInput { email: String!, password: String! }
  input RefreshTokenInput { refreshToken: String! }
  type PostConnection { nodes: [Post!]!, pageInfo: PageInfo! }
  type PageInfo { hasNextPage: Boolean!, endCursor: String }
  type Post { id: ID!, title: String!, body: String!, publishedAt: String, author: User! }
  type User { id: ID!, displayName: String! }
  type TokenPair { authToken: String!, authTokenExpiresAt: String!, refreshToken: String!, account: Account! }
  type Account { id: ID!, displayName: String! }
`;

export function resolversOf(store, { refresh, logIn }) {
  return {
    Query: {
      post: (_root, { id }, { viewer }) => store.post.get(id, needed(viewer).sub),
      posts: (_root, { after }, { viewer }) => {
        const olderThan = idOf(after);
        const rows = store.posts.all(olderThan, needed(viewer).sub, olderThan);
        const nodes = rows.slice(0, 20);
        return { nodes, pageInfo: { hasNextPage: rows.length > 20, endCursor: cursorOf(nodes.at(-1).id) } };
      },
    },
    Mutation: {
      login: async (_root, { input }) => (await logIn(input.email, input.password)) ?? refuse(),
      refreshToken: (_root, { input }, context) =>
        refresh(input.refreshToken, context.ipAddress, context.userAgent) ?? refuse(),
    },
    Post: {
      publishedAt: ({ publishedAt }) => isoTime(publishedAt),
      author: ({ authorId }) => store.account.get(authorId),
    },
  };
}

function needed(viewer) {
  return viewer ?? refuse();
}

function refuse() {
  throw new GraphQLError('The token is not valid.', { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } });
}
