import { ArgsType, Field, Int, ObjectType } from 'type-graphql';

@ObjectType('PageInfo', {
  simpleResolvers: true,
  description: 'Where a page lies in its list (Relay cursor connections).',
})
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether there is something older after the last entry of this page.' })
  hasNextPage!: () => boolean | Promise<boolean>;

  @Field(() => Boolean, { description: 'Whether there is something newer before the first entry of this page.' })
  hasPreviousPage!: () => boolean | Promise<boolean>;

  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the first entry of this page. Null if the page is empty.',
  })
  startCursor!: () => string | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the last entry of this page. Null if the page is empty.',
  })
  endCursor!: () => string | undefined;
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    nullable: true,
    description: 'How many entries from the start: 1 to 100. Default without first and last: 20.',
  })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Only entries after this cursor, which are older.' })
  after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many entries from the end: 1 to 100. Not together with first.',
  })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'Only entries before this cursor, which are newer.' })
  before?: string | null;
}
