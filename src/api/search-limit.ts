import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import {
  getNamedType,
  isCompositeType,
  isInputObjectType,
  Kind,
  valueFromASTUntyped,
  type ArgumentNode,
  type DocumentNode,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { Failure } from '../errors/failure.js';
import { SEARCHES } from '../graphql/access.js';
import type { GraphContext } from '../graphql/context.js';
import { fragmentsOf, fragmentType } from './fragments.js';

const ONE_SEARCH = 'An operation can contain one search. Send one operation for each search.';

/** An argument that can contain a search. Its field is identified by its path in the response. */
interface SearchArgument {
  readonly path: string;
  readonly node: ArgumentNode;
  /** The fields of the input object that are searches. */
  readonly names: readonly string[];
}

/** Rejects an operation before it executes if it contains several searches: each makes the server read many texts. */
export function searchLimit(): ApolloServerPlugin<GraphContext> {
  // Apollo caches parsed documents, so each operation is analysed once and not with every request.
  const argumentsByOperation = new WeakMap<OperationDefinitionNode, SearchArgument[]>();
  const listener: GraphQLRequestListener<GraphContext> = {
    async didResolveOperation({ operation, document, schema, request: { variables = {} } }) {
      if (!operation) return;
      let found = argumentsByOperation.get(operation);
      if (!found) argumentsByOperation.set(operation, (found = searchArguments(operation, document, schema)));
      if (found.length < 2) return;
      const values = { ...defaultsOf(operation), ...variables };
      const paths = found.filter((argument) => isSearch(argument, values)).map(({ path }) => path);
      // Fields with the same path are merged and execute once.
      if (new Set(paths).size > 1) throw new Failure('BAD_USER_INPUT', { publicMessage: ONE_SEARCH });
    },
  };
  return { requestDidStart: async () => listener };
}

/** All arguments that can contain a search, through fragments and regardless of @skip and @include. */
function searchArguments(
  operation: OperationDefinitionNode,
  document: DocumentNode,
  schema: GraphQLSchema,
): SearchArgument[] {
  const fragments = fragmentsOf(document);
  const found: SearchArgument[] = [];
  const root = schema.getRootType(operation.operation);
  if (root) walk(operation.selectionSet, root, '');
  return found;

  // The document limits bound the work.
  function walk({ selections }: SelectionSetNode, type: GraphQLCompositeType, parentPath: string): void {
    for (const selection of selections) {
      if (selection.kind !== Kind.FIELD) {
        const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
        if (fragment) walk(fragment.selectionSet, fragmentType(fragment, type, schema), parentPath);
      } else {
        const field = 'getFields' in type ? type.getFields()[selection.name.value] : undefined;
        if (!field) continue;
        const path = `${parentPath}.${(selection.alias ?? selection.name).value}`;
        for (const node of selection.arguments ?? []) {
          const names = searchFieldsOf(field.args.find(({ name }) => name === node.name.value));
          if (names.length > 0) found.push({ path, node, names });
        }
        const fieldType = getNamedType(field.type);
        if (selection.selectionSet && isCompositeType(fieldType)) walk(selection.selectionSet, fieldType, path);
      }
    }
  }
}

function searchFieldsOf(argument: GraphQLArgument | undefined): string[] {
  const type = argument && getNamedType(argument.type);
  if (!isInputObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap(({ name, extensions }) =>
    extensions[SEARCHES] === true ? [name] : [],
  );
}

function isSearch({ node, names }: SearchArgument, variables: Record<string, unknown>): boolean {
  const value = valueFromASTUntyped(node.value, variables) as Record<string, unknown> | null | undefined;
  return names.some((name) => {
    const text = value?.[name];
    return typeof text === 'string' && text.trim() !== '';
  });
}

function defaultsOf({ variableDefinitions }: OperationDefinitionNode): Record<string, unknown> {
  const defaults = (variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
    defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)] as const] : [],
  );
  return Object.fromEntries(defaults);
}
