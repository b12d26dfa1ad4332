import {
  getNamedType,
  isInputObjectType,
  valueFromASTUntyped,
  visit,
  type FieldNode,
  type GraphQLField,
  type ValueNode,
} from 'graphql';
import { SEARCHES } from '../graphql/access.js';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../graphql/connection.js';

/** A list without a page size, such as an account's sessions. */
export const PLAIN_LIST_SIZE = 50;

type Field = GraphQLField<unknown, unknown>;
export type Variables = Readonly<Record<string, unknown>>;

/** Reads those arguments of fields that determine how much work a field is. */
export function costlyArguments(variables: Variables) {
  const variablesRead = new Set<string>();

  return {
    /** The names of the variables that were read so far: with other values of these, the results can be others. */
    variablesRead: variablesRead as ReadonlySet<string>,

    /** How many entries the lists below a field have at most. */
    entriesOf(node: FieldNode, field: Field | undefined): number {
      if (!field?.args.some(({ name }) => name === 'first')) return PLAIN_LIST_SIZE;
      for (const { name, value } of node.arguments ?? []) {
        if (name.value !== 'first' && name.value !== 'last') continue;
        const size = valueOf(value);
        // Execution rejects other sizes, but not those of a skipped field: a negative one would lower the cost.
        if (typeof size === 'number') return Math.min(Math.max(size, 0), MAX_PAGE_SIZE);
        if (size != null) return MAX_PAGE_SIZE; // not a number: validation rejects it
      }
      return DEFAULT_PAGE_SIZE;
    },

    /** Whether a field makes the server search for a text. */
    isSearch(node: FieldNode, field: Field | undefined): boolean {
      return (node.arguments ?? []).some(({ name: argument, value }) => {
        const type = field?.args.find(({ name }) => name === argument.value)?.type;
        const input = type && getNamedType(type);
        if (!isInputObjectType(input)) return false;
        const names = Object.values(input.getFields()).filter(({ extensions }) => extensions[SEARCHES] === true);
        if (names.length === 0) return false;
        const object = valueOf(value) as Record<string, unknown> | null | undefined;
        const texts = names.map(({ name }) => object?.[name]);
        return texts.some((text) => typeof text === 'string' && text.trim() !== '');
      });
    },
  };

  function valueOf(node: ValueNode): unknown {
    visit(node, { Variable: ({ name }) => void variablesRead.add(name.value) });
    return valueFromASTUntyped(node, variables);
  }
}
