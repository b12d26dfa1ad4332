import {
  Kind,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { PUBLIC, SOLE_ROOT_FIELD } from '../graphql/access.js';

/** What the gate must know of an operation. */
export interface RootFields {
  readonly needsViewer: boolean;
  /** A field that must stand alone and does not. */
  readonly alone: string | undefined;
}

/** Looks at the root fields that an operation names, through fragments, whatever @skip and @include say. */
export function rootFieldsOf(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  schema: GraphQLSchema,
): RootFields {
  const fields = schema.getRootType(operation.operation)?.getFields() ?? {};
  const visited = new Set<string>();
  let count = 0;
  let needsViewer = false;
  let namesAlone: string | undefined;
  walk(operation.selectionSet);
  return { needsViewer, alone: count > 1 ? namesAlone : undefined };

  function walk({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      switch (selection.kind) {
        case Kind.FIELD: {
          const name = selection.name.value;
          if (name.startsWith('__')) break; // introspection is public, and off in production
          count += 1;
          needsViewer ||= fields[name]?.extensions[PUBLIC] !== true;
          if (fields[name]?.extensions[SOLE_ROOT_FIELD] === true) namesAlone ??= name;
          break;
        }
        case Kind.INLINE_FRAGMENT:
          walk(selection.selectionSet);
          break;
        case Kind.FRAGMENT_SPREAD: {
          const fragment = fragments.get(selection.name.value);
          if (!fragment) break;
          // A fragment that is spread twice names its fields twice.
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
