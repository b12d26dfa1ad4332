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
import { MAX_RESPONSE_BYTES } from '../errors/error-table.js';
import { MAX_CHARACTERS } from '../graphql/access.js';
import type { GraphContext } from '../graphql/context.js';
import { fragmentsOf, fragmentType } from './fragments.js';

const MAX_PAGE_SIZE = 100;
const DEFAULT_PAGE_SIZE = 20;
/** A list without a page size, such as an account's sessions. */
const PLAIN_LIST_SIZE = 50;
const DEFAULT_FIELD_CHARACTERS = 256;
/** Quotes, colon and comma around the name and the value of a field. */
const PUNCTUATION_BYTES = 6;
/** A UTF-16 code unit in JSON: at least one byte, at most an escape such as `\u001f`. */
const LEAST_BYTES_PER_CHARACTER = 1;
const MOST_BYTES_PER_CHARACTER = 6;

type Variables = Readonly<Record<string, unknown>>;

/**
 * Rejects an operation before it executes if its response could be too large: it adds the length of each field and
 * multiplies it by the size of each list. A small document could otherwise request gigabytes. For a query, a character
 * counts as one byte, and http/response-bytes.ts rejects a response that has more bytes. For a mutation, which has taken
 * effect by then, a character counts as the most bytes that it can have.
 */
export function responseLimit(): ApolloServerPlugin<GraphContext> {
  // Operations whose response is small with any variables are checked only once.
  const isAlwaysSmall = new WeakMap<OperationDefinitionNode, boolean>();
  const listener: GraphQLRequestListener<GraphContext> = {
    async didResolveOperation({ operation, document, schema, request: { variables = {} } }) {
      if (!operation) return;
      if (isAlwaysSmall.get(operation)) return;
      const fragments = fragmentsOf(document);
      const bytes = (values: Variables | undefined) => largestResponse(operation, fragments, schema, values);
      let small = isAlwaysSmall.get(operation);
      if (small === undefined) isAlwaysSmall.set(operation, (small = bytes(undefined) <= MAX_RESPONSE_BYTES));
      if (small || bytes(variables) <= MAX_RESPONSE_BYTES) return;
      throw new Failure('RESPONSE_TOO_LARGE');
    },
  };
  return { requestDidStart: async () => listener };
}

/** The bytes of a response, if every text is as long as it can be; without variables, for the largest pages. */
function largestResponse(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  schema: GraphQLSchema,
  variables: Variables | undefined,
): number {
  const root = schema.getRootType(operation.operation);
  const bytesPerCharacter = operation.operation === 'mutation' ? MOST_BYTES_PER_CHARACTER : LEAST_BYTES_PER_CHARACTER;
  return root ? bytesOf(operation.selectionSet, root, PLAIN_LIST_SIZE) : 0;

  function bytesOf({ selections }: SelectionSetNode, type: GraphQLCompositeType, listSize: number): number {
    let total = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) total += bytesOfField(selection, type, listSize);
      else {
        const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
        if (fragment) total += bytesOf(fragment.selectionSet, fragmentType(fragment, type, schema), listSize);
      }
    }
    return total;
  }

  function bytesOfField(node: FieldNode, parent: GraphQLCompositeType, listSize: number): number {
    const field = 'getFields' in parent ? parent.getFields()[node.name.value] : undefined;
    const nameBytes = (node.alias ?? node.name).value.length + PUNCTUATION_BYTES;
    if (!field) return nameBytes + DEFAULT_FIELD_CHARACTERS * bytesPerCharacter;
    const copies = isListType(getNullableType(field.type)) ? listSize : 1;
    const type = getNamedType(field.type);
    if (!node.selectionSet || !isCompositeType(type)) {
      const characters = Number(field.extensions[MAX_CHARACTERS] ?? DEFAULT_FIELD_CHARACTERS);
      return nameBytes + copies * characters * bytesPerCharacter;
    }
    const isPaged = field.args.some(({ name }) => name === 'first');
    return (
      nameBytes +
      copies * bytesOf(node.selectionSet, type, isPaged ? pageSize(node, operation, variables) : PLAIN_LIST_SIZE)
    );
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
