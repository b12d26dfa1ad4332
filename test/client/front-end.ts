import type { ApolloClient } from '@apollo/client';
import type { Client } from '@urql/core';
import type { TokenPair } from '../../docs/recipes/token-store.js';

/** The operations that the tests need from each client library. */
export interface FrontEnd {
  login(email: string, password: string): Promise<TokenPair>;
  /** Bypasses caches. */
  titles(first: number): Promise<string[]>;
  email(): Promise<string>;
}

/** The module `typed-front-end.ts`, which cannot be imported before `npm run codegen` has run. */
export interface TypedFrontEnd {
  apolloFrontEnd(client: ApolloClient): FrontEnd;
  urqlFrontEnd(client: Client): FrontEnd;
  formErrors(error: unknown): string[];
}
