import { ArgsType, Field, ID, InputType, registerEnumType } from 'type-graphql';
import { z } from 'zod';
import { Searches } from '../graphql/access.js';
import { PageArgs } from '../graphql/connection.type.js';
import { boundedString, filledString, idempotencyKeyString, idString } from '../graphql/string-rules.js';
import { ValidatedBy } from '../graphql/validate-input.js';
import { OrderDirection, PostOrderField, type PostOrder } from './post-order.js';
import { PostStatus } from './post.type.js';

const title = filledString(200);
const body = boundedString(50_000);

@InputType('PostFilter', {
  description: 'Narrows a list of posts. A condition that is omitted or null has no effect.',
})
export class PostFilter {
  @Field(() => ID, { nullable: true, description: 'Only posts of this author.' })
  authorId?: string | null;

  @Field(() => PostStatus, {
    nullable: true,
    description: 'Only posts in this status. DRAFT lists only your own drafts.',
  })
  status?: PostStatus | null;

  @Searches()
  @Field(() => String, {
    nullable: true,
    description:
      'Only posts whose title or body contains this text, in upper or lower case, with or without accents. At most 100 characters. An operation can contain one search. The server reads at most 10,000 posts or 4 MB of text, or for one second, for a page: a page can then have fewer entries than requested, or none, while hasNextPage (with `last`: hasPreviousPage) is true. Request the next page to continue the search. totalCount stops counting at the same limit.',
  })
  search?: string | null;
}

registerEnumType(PostOrderField, {
  name: 'PostOrderField',
  description:
    'What a list of posts is ordered by. Posts with the same value are in the order in which they were created.',
  valuesConfig: {
    CREATED_AT: { description: 'When the post was created. Pages neither skip nor repeat a post.' },
    UPDATED_AT: {
      description:
        'When the post was last changed, published or unpublished. A post that changes while a client pages moves to another place.',
    },
  },
});

registerEnumType(OrderDirection, {
  name: 'OrderDirection',
  description: 'The direction of an order.',
  valuesConfig: {
    ASC: { description: 'Earliest first.' },
    DESC: { description: 'Latest first.' },
  },
});

@InputType('PostOrder', {
  description: 'The order of a list of posts. A cursor is valid only in the order of the page that it came with.',
})
class PostOrderInput implements PostOrder {
  @Field(() => PostOrderField, { description: 'What the list is ordered by.' })
  field!: PostOrderField;

  @Field(() => OrderDirection, { description: 'Whether the earliest or the latest post is first.' })
  direction!: OrderDirection;
}

@ValidatedBy(
  z.object({ filter: z.object({ authorId: idString.nullish(), search: boundedString(100).nullish() }).nullish() }),
)
@ArgsType()
export class PostsArgs extends PageArgs {
  @Field(() => PostFilter, { nullable: true, description: 'Narrows the list.' })
  filter?: PostFilter | null;

  @Field(() => PostOrderInput, {
    nullable: true,
    description: 'The order of the list. Default: CREATED_AT, DESC. A search has no other order.',
  })
  orderBy?: PostOrder | null;
}

@ValidatedBy(z.object({ title, body, idempotencyKey: idempotencyKeyString.nullish() }))
@InputType('CreatePostInput', { description: 'A post to be created.' })
export class CreatePostInput {
  @Field({ description: 'The headline: 1 to 200 characters.' })
  title!: string;

  @Field({ description: 'The text: up to 50,000 characters.' })
  body!: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether to publish the post at once. Otherwise it is a draft. Default: false.',
  })
  publish?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description:
      'A random key of 16 to 128 printable ASCII characters, such as a UUID, which makes retries safe. The client creates it once for each post and sends it with every retry. For 24 hours, a repeated request creates nothing and returns the same post, or NOT_FOUND if the post was deleted. With another input, it fails with CONFLICT.',
  })
  idempotencyKey?: string | null;
}

@ValidatedBy(z.object({ id: idString, title: title.nullish(), body: body.nullish() }))
@InputType('UpdatePostInput', {
  description: 'Changes to one of your posts. A field that is omitted or null does not change.',
})
export class UpdatePostInput {
  @Field(() => ID, { description: 'The post to change.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'The new headline: 1 to 200 characters.' })
  title?: string | null;

  @Field(() => String, { nullable: true, description: 'The new text: up to 50,000 characters.' })
  body?: string | null;
}

@ValidatedBy(z.object({ id: idString }))
@InputType('PostIdInput', { description: 'Identifies a post.' })
export class PostIdInput {
  @Field(() => ID, { description: 'The post.' })
  id!: string;
}
