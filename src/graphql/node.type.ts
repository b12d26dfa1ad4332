import { Field, ID, InterfaceType } from 'type-graphql';

/** A result of `node`, which says its type itself: rows are plain objects. */
export type TypedNode<Type extends Node> = Type & { readonly __typename: string };

@InterfaceType('Node', {
  description:
    'An object that `node` can read by its id (GraphQL Global Object Identification). No two such objects have the same id.',
  resolveType: ({ __typename }: TypedNode<Node>) => __typename,
})
export abstract class Node {
  @Field(() => ID, { description: 'Identifies the object. It never changes.' })
  id!: string;
}
