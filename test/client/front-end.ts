import type { ApolloClient } from '@apollo/client';
import type { Client } from '@urql/core';
import type { GraphQLClient } from 'graphql-request';
import type { TokenPair } from '../../client/src/index.js';

/** The operations that the tests need from each client library. */
export interface FrontEnd {
  login(email: string, password: string): Promise<TokenPair>;
  /** Bypasses caches. */
  titles(first: number): Promise<string[]>;
  email(): Promise<string>;
}

export interface FormState {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the data depends on the form
  saved?: any;
  problems: Record<string, string>;
  notice?: string;
}

/** The module `typed-front-end.ts`, which cannot be imported before `npm run codegen` has run. */
export interface TypedFrontEnd {
  apolloFrontEnd(client: ApolloClient): FrontEnd;
  urqlFrontEnd(client: Client): FrontEnd;
  requestFrontEnd(client: GraphQLClient): FrontEnd;
  /** One form for each mutation: what it shows when the user submits this input. */
  forms(client: ApolloClient): Record<string, (input: object) => Promise<FormState>>;
  passwordHint(client: ApolloClient, candidate: { password: string }): Promise<{ bars: number; text?: string }>;
  formErrors(error: unknown): string[];
}
