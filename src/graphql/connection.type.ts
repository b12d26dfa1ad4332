import { ArgsType, Field, Int, ObjectType, type ClassType } from 'type-graphql';

@ObjectType('PageInfo', {
  simpleResolvers: true,
  description: 'The position of a page in its list (Relay cursor connections).',
})
export class PageInfo {
  @Field(() => Boolean, {
    description: 'Whether there are entries after this page. In a search: whether there may be.',
  })
  hasNextPage!: () => boolean | Promise<boolean>;

  @Field(() => Boolean, {
    description: 'Whether there are entries before this page. In a search: whether there may be.',
  })
  hasPreviousPage!: () => boolean | Promise<boolean>;

  @Field(() => String, {
    nullable: true,
    description:
      'Where this page starts: the cursor of its first entry, or with `last` the place where a search stopped. Null if the page is empty and complete.',
  })
  startCursor!: () => string | undefined;

  @Field(() => String, {
    nullable: true,
    description:
      'Where this page ends: the cursor of its last entry, or the place where a search stopped. Send it as `after` to continue. Null if the page is empty and complete.',
  })
  endCursor!: () => string | undefined;
}

export interface Edge<Node> {
  readonly cursor: string;
  readonly node: Node;
}

/** A page of a list. Fields with an extra cost are functions, which GraphQL calls only if they are requested. */
export interface Connection<Node> {
  readonly edges: () => Edge<Node>[];
  readonly nodes: readonly Node[];
  readonly pageInfo: PageInfo;
  readonly totalCount: () => Promise<number>;
}

/** Declares the types `<name>Connection` and `<name>Edge` for lists of these nodes (Relay cursor connections). */
export function connectionType<Node extends object>(name: string, node: ClassType<Node>): ClassType<Connection<Node>> {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: 'An entry of a list with its cursor.' })
  class EdgeOfNode implements Edge<Node> {
    @Field({ description: 'The position of the entry in the list. Send it as `after` or `before`.' })
    cursor!: string;

    @Field(() => node, { description: 'The entry.' })
    node!: Node;
  }

  @ObjectType(`${name}Connection`, {
    simpleResolvers: true,
    description: 'A page of a list (Relay cursor connections).',
  })
  class ConnectionOfNode implements Connection<Node> {
    @Field(() => [EdgeOfNode], { description: 'The entries of this page with their cursors.' })
    edges!: () => EdgeOfNode[];

    @Field(() => [node], { description: 'The entries of this page.' })
    nodes!: Node[];

    @Field(() => PageInfo, { description: 'Whether there are more pages, and the cursors to request them.' })
    pageInfo!: PageInfo;

    @Field(() => Int, {
      description: 'How many entries of the whole list the viewer may see. The server counts them only on request.',
    })
    totalCount!: () => Promise<number>;
  }
  return ConnectionOfNode;
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    nullable: true,
    description: 'How many entries from the start: 1 to 100. Default without first and last: 20.',
  })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Only entries after this cursor, in the order of the list.' })
  after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many entries from the end: 1 to 100. Not together with first.',
  })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'Only entries before this cursor, in the order of the list.' })
  before?: string | null;
}
