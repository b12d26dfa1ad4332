import type { ApolloClient } from '@apollo/client';
import type { Client } from '@urql/core';
import { LoginDocument, MeDocument, PostsDocument } from '../../generated/graphql.js';
import type { FrontEnd } from './front-end.js';

/** A front-end with the generated types. Only `documents.heavy.test.ts` compiles it, after it has generated them. */
export function apolloFrontEnd(client: ApolloClient): FrontEnd {
  return {
    async login(email, password) {
      const { data } = await client.mutate({ mutation: LoginDocument, variables: { login: { email, password } } });
      if (!data) throw new Error('no data');
      return data.login;
    },
    async titles(first) {
      const { data } = await client.query({ query: PostsDocument, variables: { first }, fetchPolicy: 'network-only' });
      if (!data) throw new Error('no data');
      return data.posts.nodes.map((post) => post.title);
    },
    async email() {
      const { data } = await client.query({ query: MeDocument, fetchPolicy: 'network-only' });
      if (!data) throw new Error('no data');
      return data.me.email;
    },
  };
}

export function urqlFrontEnd(client: Client): FrontEnd {
  return {
    async login(email, password) {
      const { data, error } = await client.mutation(LoginDocument, { login: { email, password } });
      if (!data) throw error;
      return data.login;
    },
    async titles(first) {
      const { data, error } = await client.query(PostsDocument, { first }, { requestPolicy: 'network-only' });
      if (!data) throw error;
      return data.posts.nodes.map((post) => post.title);
    },
    async email() {
      const { data, error } = await client.query(MeDocument, {}, { requestPolicy: 'network-only' });
      if (!data) throw error;
      return data.me.email;
    },
  };
}
