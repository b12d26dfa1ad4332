import {
  isCompositeType,
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type InlineFragmentNode,
} from 'graphql';

/** The fragments of a document by their names. */
export function fragmentsOf({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of definitions) if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  return fragments;
}

/** The type whose fields a fragment selects: that of its condition, or else the type around it. */
export function fragmentType(
  { typeCondition }: InlineFragmentNode | FragmentDefinitionNode,
  parent: GraphQLCompositeType,
  schema: GraphQLSchema,
): GraphQLCompositeType {
  const type = typeCondition && schema.getType(typeCondition.name.value);
  return isCompositeType(type) ? type : parent;
}
