import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import {
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { Failure } from '../errors/failure.js';
import { authenticatedViewer, type GraphContext } from '../graphql/context.js';
import type { KnownOperations } from './early-rejection/known-operations.js';
import { rootFieldsOf, type RootFields } from './root-fields.js';

/**
 * Refuses an operation whole, before anything of it runs: one that names a protected field without a good auth token,
 * and one that names a field beside another that must stand alone.
 */
export function gate(knownOperations: KnownOperations): ApolloServerPlugin<GraphContext> {
  // Apollo keeps parsed documents, so an operation is looked at once and not with every request.
  const rootFieldsByOperation = new WeakMap<OperationDefinitionNode, RootFields>();
  const listener: GraphQLRequestListener<GraphContext> = {
    async didResolveOperation({ operation, document, schema, contextValue, source, request }) {
      if (!operation) return; // Apollo refuses the request next
      let fields = rootFieldsByOperation.get(operation);
      if (!fields) {
        fields = look(operation, document, schema);
        rootFieldsByOperation.set(operation, fields);
      }
      if (fields.alone) {
        const publicMessage = `${fields.alone} must be the only field of its operation.`;
        throw new Failure('BAD_USER_INPUT', { publicMessage });
      }
      if (!fields.needsViewer || contextValue.viewer.state === 'authenticated') return;
      knownOperations.note(source, request.operationName);
      authenticatedViewer(contextValue);
    },
  };
  return { requestDidStart: async () => listener };
}

function look(operation: OperationDefinitionNode, document: DocumentNode, schema: GraphQLSchema): RootFields {
  const fragments = document.definitions.filter(
    (definition): definition is FragmentDefinitionNode => definition.kind === Kind.FRAGMENT_DEFINITION,
  );
  return rootFieldsOf(operation, new Map(fragments.map((fragment) => [fragment.name.value, fragment])), schema);
}
