import { Kind, type FieldNode, type GraphQLResolveInfo, type SelectionSetNode } from 'graphql';

/**
 * The names of the fields that an operation asks for below a path from the field being resolved, through fragments and
 * whatever @skip and @include say: what is not among them need not be read.
 */
export function fieldsAt(info: GraphQLResolveInfo, ...path: readonly string[]): ReadonlySet<string> {
  let nodes: readonly FieldNode[] = info.fieldNodes;
  for (const name of path) nodes = below(nodes, info).filter((node) => node.name.value === name);
  return new Set(below(nodes, info).map((node) => node.name.value));
}

function below(nodes: readonly FieldNode[], info: GraphQLResolveInfo): FieldNode[] {
  const found: FieldNode[] = [];
  const visited = new Set<string>();
  for (const { selectionSet } of nodes) if (selectionSet) walk(selectionSet);
  return found;

  function walk({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) found.push(selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet);
      else if (!visited.has(selection.name.value)) {
        visited.add(selection.name.value);
        const fragment = info.fragments[selection.name.value];
        if (fragment) walk(fragment.selectionSet);
      }
    }
  }
}
