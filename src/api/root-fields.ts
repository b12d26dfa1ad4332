import {
  Kind,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { PUBLIC, SECRET_INPUT } from '../graphql/access.js';
import { handlesRefreshTokens } from './refresh-token-fields.js';

/** The root fields that an operation selects. */
export interface RootFields {
  readonly needsViewer: boolean;
  /** Whether the arguments of one of them contain a secret. */
  readonly hasSecretInput: boolean;
  /** Whether a mutation among them takes a refresh token as input or returns one. */
  readonly handlesRefreshTokens: boolean;
  /** How many root fields the operation selects, without introspection. */
  readonly count: number;
  /** Without introspection. */
  readonly names: readonly string[];
}

/** The root fields that an operation selects, through fragments and regardless of @skip and @include. */
export function rootFieldsOf(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  schema: GraphQLSchema,
): RootFields {
  const fields = schema.getRootType(operation.operation)?.getFields() ?? {};
  const visited = new Set<string>();
  let count = 0;
  let needsViewer = false;
  const names: string[] = [];
  walk(operation.selectionSet);
  const handlesTokens =
    operation.operation === 'mutation' &&
    names.some((name) => {
      const field = fields[name];
      return field !== undefined && handlesRefreshTokens(field);
    });
  const hasSecretInput = names.some((name) => fields[name]?.extensions[SECRET_INPUT] === true);
  return { needsViewer, hasSecretInput, handlesRefreshTokens: handlesTokens, count, names };

  function walk({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      switch (selection.kind) {
        case Kind.FIELD: {
          const name = selection.name.value;
          if (name.startsWith('__')) break; // introspection is public, unless INTROSPECTION is off
          count += 1;
          names.push(name);
          needsViewer ||= fields[name]?.extensions[PUBLIC] !== true;
          break;
        }
        case Kind.INLINE_FRAGMENT:
          walk(selection.selectionSet);
          break;
        case Kind.FRAGMENT_SPREAD: {
          const fragment = fragments.get(selection.name.value);
          if (!fragment) break;
          // A fragment that is spread twice selects its fields twice.
          if (visited.has(fragment.name.value)) count += 1;
          else {
            visited.add(fragment.name.value);
            walk(fragment.selectionSet);
          }
        }
      }
    }
  }
}
