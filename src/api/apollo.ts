import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { InMemoryLRUCache } from '@apollo/utils.keyvaluecache';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { Logger } from '../shared/logger.js';
import type { GraphContext } from '../graphql/context.js';
import { errorResponses, formatError } from './error-response.js';
import { MAX_TOKENS } from './max-tokens.js';
import { operationAuthorization } from './operation-authorization.js';
import { documentBytes } from './document-bytes.js';
import { documentLimits, operationLimits, type OperationLimits } from './operation-limits.js';
import type { ConfirmViewer } from '../authentication/bearer-authentication.js';
import type { KnownOperations } from './early-rejection/known-operations.js';

export interface ApolloParts {
  readonly schema: GraphQLSchema;
  readonly limits: OperationLimits;
  /** Whether clients can read the schema, and errors suggest names of it. */
  readonly introspection: boolean;
  readonly logger: Logger;
  /** Operation authorization records here which operations it rejects without a viewer. */
  readonly knownOperations: KnownOperations;
  readonly confirm: ConfirmViewer;
  /** The page for a browser that opens the endpoint. Undefined: no page. */
  readonly explorer?: ApolloServerPlugin<GraphContext>;
}

const MOST_DOCUMENT_BYTES = 40 * 1024 * 1024;

/** Apollo Server with restricted options: docs/decisions/apollo-options.md says what each default would allow. */
export function apolloServer(parts: ApolloParts): ApolloServer<GraphContext> {
  const { schema, limits, introspection, logger, knownOperations, confirm, explorer } = parts;
  return new ApolloServer<GraphContext>({
    schema,
    logger,
    formatError,
    plugins: [
      operationAuthorization(knownOperations, confirm),
      operationLimits(limits),
      errorResponses(logger),
      explorer ?? ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(), // it wraps every field, and no field has cache hints
    ],
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    documentStore: new InMemoryLRUCache<DocumentNode>({ maxSize: MOST_DOCUMENT_BYTES, sizeCalculation: documentBytes }),
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    parseOptions: { maxTokens: MAX_TOKENS },
    validationRules: [documentLimits(limits)],
    validationOptions: { maxErrors: 5 },
    executionOptions: { maxCoercionErrors: 5 },
    maxRecursiveSelections: false, // documentLimits counts selections through fragments
    stopOnTerminationSignals: false,
  });
}
