import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { Failure } from '../errors/failure.js';
import { MAX_BYTES } from '../graphql/access.js';
import type { GraphContext } from '../graphql/context.js';

/** One page of 100 posts with their texts is 5 MB; this is the largest response that a page needs. */
const MAX_RESPONSE_BYTES = 6_000_000;
const MAX_PAGE_SIZE = 100;
const DEFAULT_PAGE_SIZE = 20;
/** A list without a page size, such as an account's sessions. */
const PLAIN_LIST_SIZE = 50;
const DEFAULT_FIELD_BYTES = 256;

type Variables = Readonly<Record<string, unknown>>;

/**
 * Rejects an operation before it executes if its response could be too large: it adds the most bytes that each field can
 * have and multiplies them by the size of each list. A small document could otherwise request gigabytes.
 */
export function responseLimit(): ApolloServerPlugin<GraphContext> {
  // Operations whose response is small whatever their variables are need no second look.
  const isAlwaysSmall = new WeakMap<OperationDefinitionNode, boolean>();
  const listener: GraphQLRequestListener<GraphContext> = {
    async didResolveOperation({ operation, document, schema, request: { variables = {} } }) {
      if (!operation) return;
      if (isAlwaysSmall.get(operation)) return;
      const fragments = new Map(
        document.definitions.flatMap((definition): [string, FragmentDefinitionNode][] =>
          definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
        ),
      );
      const bytes = (values: Variables | undefined) => largestResponse(operation, fragments, schema, values);
      let small = isAlwaysSmall.get(operation);
      if (small === undefined) isAlwaysSmall.set(operation, (small = bytes(undefined) <= MAX_RESPONSE_BYTES));
      if (small || bytes(variables) <= MAX_RESPONSE_BYTES) return;
      const publicMessage = `The response could have more than ${MAX_RESPONSE_BYTES.toLocaleString('en')} bytes. Request smaller pages, or fewer fields.`;
      throw new Failure('BAD_USER_INPUT', { publicMessage });
    },
  };
  return { requestDidStart: async () => listener };
}

/** The most bytes of a response; without variables, for the largest pages. The document limits bound the work. */
function largestResponse(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  schema: GraphQLSchema,
  variables: Variables | undefined,
): number {
  const root = schema.getRootType(operation.operation);
  return root ? bytesOf(operation.selectionSet, root, PLAIN_LIST_SIZE) : 0;

  function bytesOf({ selections }: SelectionSetNode, type: GraphQLCompositeType, listSize: number): number {
    let total = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) total += bytesOfField(selection, type, listSize);
      else if (selection.kind === Kind.INLINE_FRAGMENT) total += bytesOf(selection.selectionSet, type, listSize);
      else {
        const fragment = fragments.get(selection.name.value);
        if (fragment) total += bytesOf(fragment.selectionSet, type, listSize);
      }
    }
    return total;
  }

  function bytesOfField(node: FieldNode, parent: GraphQLCompositeType, listSize: number): number {
    const field = 'getFields' in parent ? parent.getFields()[node.name.value] : undefined;
    if (!field) return DEFAULT_FIELD_BYTES;
    const copies = isListType(getNullableType(field.type)) ? listSize : 1;
    const type = getNamedType(field.type);
    if (!node.selectionSet || !isCompositeType(type)) {
      return copies * Number(field.extensions[MAX_BYTES] ?? DEFAULT_FIELD_BYTES);
    }
    const isPaged = field.args.some(({ name }) => name === 'first');
    return copies * bytesOf(node.selectionSet, type, isPaged ? pageSize(node, operation, variables) : PLAIN_LIST_SIZE);
  }
}

function pageSize(node: FieldNode, operation: OperationDefinitionNode, variables: Variables | undefined): number {
  for (const { name, value } of node.arguments ?? []) {
    if (name.value !== 'first' && name.value !== 'last') continue;
    if (value.kind === Kind.INT) return withinPage(Number(value.value));
    if (value.kind !== Kind.VARIABLE) continue;
    if (!variables) return MAX_PAGE_SIZE;
    const definition = operation.variableDefinitions?.find(({ variable }) => variable.name.value === value.name.value);
    const byDefault = definition?.defaultValue?.kind === Kind.INT ? Number(definition.defaultValue.value) : null;
    const given = variables[value.name.value] ?? byDefault;
    if (given !== null) return withinPage(Number(given) || MAX_PAGE_SIZE);
  }
  return DEFAULT_PAGE_SIZE;
}

/** Execution rejects other sizes, but not those of a skipped field: a negative one would lower the size of the response. */
function withinPage(size: number): number {
  return Math.min(Math.max(size, 0), MAX_PAGE_SIZE);
}
