import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { GraphQLError, type OperationDefinitionNode } from 'graphql';
import { ErrorCode } from '../errors/error-codes.js';
import { Failure } from '../errors/failure.js';
import type { ConfirmViewer } from '../authentication/bearer-authentication.js';
import { rejectionOf } from '../tokens/viewer.js';
import type { GraphContext } from '../graphql/context.js';
import type { KnownOperations } from './early-rejection/known-operations.js';
import { operationNameOf } from './operation-name.js';
import { fragmentsOf } from './fragments.js';
import { rootFieldsOf, type RootFields } from './root-fields.js';

const SOLE = 'A mutation must be the only field of its operation. Send one operation for each mutation.';
const ONLY_BY_POST = 'This query contains a secret. Send it by POST, because URLs are stored in logs.';
const NO_SUBSCRIPTIONS = 'Subscriptions are not supported. Send a query or a mutation.';

/**
 * Operation authorization ("the gate"): rejects an operation as a whole before anything executes if it selects a
 * protected field without a valid auth token, or if a mutation is not its only root field. Before a protected mutation it
 * confirms the viewer by the rows, so that a revoked token changes nothing, in any process.
 */
export function operationAuthorization(
  knownOperations: KnownOperations,
  confirm: ConfirmViewer,
): ApolloServerPlugin<GraphContext> {
  // Apollo caches parsed documents, so each operation is analysed once and not with every request.
  const rootFieldsByOperation = new WeakMap<OperationDefinitionNode, RootFields>();
  const listener: GraphQLRequestListener<GraphContext> = {
    async didResolveOperation({ operation, document, schema, contextValue, source, request, response }) {
      if (!operation) return; // Apollo rejects the request next
      if (operation.operation === 'subscription') throw badOperation(NO_SUBSCRIPTIONS);
      let fields = rootFieldsByOperation.get(operation);
      if (!fields) {
        fields = rootFieldsOf(operation, fragmentsOf(document), schema);
        rootFieldsByOperation.set(operation, fields);
      }
      const { viewer } = contextValue;
      if (fields.needsViewer && operation.operation === 'mutation' && viewer.state === 'authenticated') {
        contextValue.viewer = await confirm(viewer);
      }
      const rejection = fields.needsViewer ? rejectionOf(contextValue.viewer) : undefined;
      if (rejection) {
        knownOperations.add(source, request.operationName, operationNameOf(operation));
        throw rejection;
      }
      if (fields.hasSecretInput && request.http?.method === 'GET') {
        // As Apollo Server rejects a mutation over GET.
        response.http.status = 405;
        response.http.headers.set('allow', 'POST');
        throw new GraphQLError(ONLY_BY_POST, { extensions: { code: ErrorCode.BAD_REQUEST } });
      }
      // Otherwise the first mutation may take effect while the response reports only that the second failed.
      if (operation.operation === 'mutation' && fields.count > 1) throw badOperation(SOLE);
      // A page of another site must not log this browser in or out.
      if (fields.handlesRefreshTokens) contextValue.refreshTokens.checkOrigin();
      contextValue.progress.isAuthorized = true;
    },
  };
  return { requestDidStart: async () => listener };
}

function badOperation(publicMessage: string): Failure {
  return new Failure('BAD_USER_INPUT', { publicMessage });
}
