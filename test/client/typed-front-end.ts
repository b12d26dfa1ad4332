import { CombinedGraphQLErrors, type ApolloClient } from '@apollo/client';
import { CombinedError, type Client } from '@urql/core';
import {
  LoginDocument,
  MeDocument,
  PostsDocument,
  type ErrorDetailsFragment,
  type Recovery,
} from '../../generated/graphql.js';
import { OPERATIONS } from '../../generated/operation-map.js';
import type { FrontEnd } from './front-end.js';

declare module 'graphql' {
  interface GraphQLFormattedErrorExtensions extends ErrorDetailsFragment {}
}

declare module '@0no-co/graphql.web' {
  interface Extensions extends ErrorDetailsFragment {}
}

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
      return data.posts.edges.map(({ node }) => node.title);
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
      return data.posts.edges.map(({ node }) => node.title);
    },
    async email() {
      const { data, error } = await client.query(MeDocument, {}, { requestPolicy: 'network-only' });
      if (!data) throw error;
      return data.me.email;
    },
  };
}

/** Whether a client may send an operation again if it received no response. */
export function mayRetry(name: keyof typeof OPERATIONS, hasKey: boolean): boolean {
  const { retry } = OPERATIONS[name];
  return retry === 'always' || (retry === 'with-key' && hasKey);
}

/** A form that handles errors without a cast and without comparing messages. */
export function formErrors(error: unknown): string[] {
  if (CombinedGraphQLErrors.is(error)) return error.errors.flatMap(({ extensions }) => shown(extensions));
  if (error instanceof CombinedError) return error.graphQLErrors.flatMap(({ extensions }) => shown(extensions));
  return [];
}

function shown(extensions: ErrorDetailsFragment | undefined): string[] {
  if (!extensions) return [];
  const { code, recovery, fields } = extensions;
  if (code === 'RATE_LIMITED') return ['later'];
  const others = (fields ?? []).filter(({ reason }) => reason !== 'WRONG_PASSWORD');
  return [...others.map(({ path }) => path.join()), actionOf(recovery)];
}

function actionOf(recovery: Recovery): string {
  switch (recovery) {
    case 'REFRESH':
    case 'RETRY':
    case 'USE_NEWER_TOKENS':
      return 'retry';
    case 'LOG_IN':
    case 'STEP_UP':
      return 'log in';
    case 'FIX_INPUT':
      return 'show';
    case 'NONE':
      return 'give up';
  }
}
