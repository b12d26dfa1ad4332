import {
  getNamedType,
  isObjectType,
  Kind,
  type FieldNode,
  type GraphQLResolveInfo,
  type SelectionSetNode,
} from 'graphql';
import { columnsOf } from './columns.js';

/** The names of the fields that an operation selects of the nodes of a connection, which is the field being resolved. */
export function nodeFields(info: GraphQLResolveInfo): ReadonlySet<string> {
  return new Set([...fieldsAt(info, 'nodes'), ...fieldsAt(info, 'edges', 'node')]);
}

/** The columns that these fields of the nodes of a connection need. See columns.ts. */
export function nodeColumns(info: GraphQLResolveInfo, fields: ReadonlySet<string>): ReadonlySet<string> {
  const connection = getNamedType(info.returnType);
  const node = isObjectType(connection) ? getNamedType(connection.getFields()['nodes']?.type) : undefined;
  if (!isObjectType(node)) throw new Error(`${info.fieldName} is not a connection.`);
  const selected = Object.values(node.getFields()).filter(({ name }) => fields.has(name));
  return new Set(selected.flatMap((field) => columnsOf(node, field) ?? []));
}

/** The names of the fields below a path, through fragments. A field that @skip or @include leaves out is among them. */
function fieldsAt(info: GraphQLResolveInfo, ...path: readonly string[]): string[] {
  let nodes: readonly FieldNode[] = info.fieldNodes;
  for (const name of path) nodes = below(nodes, info).filter((node) => node.name.value === name);
  return below(nodes, info).map((node) => node.name.value);
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
