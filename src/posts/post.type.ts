import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { User } from '../accounts/account.type.js';
import { MaxBytes } from '../graphql/access.js';
import { PageInfo } from '../graphql/connection.type.js';
import { PostStatus } from '../database/generated/enums.js';

export { PostStatus };

registerEnumType(PostStatus, {
  name: 'PostStatus',
  description: 'Who can see a post.',
  valuesConfig: {
    DRAFT: { description: 'Only its author sees it.' },
    PUBLISHED: { description: 'Everybody who is logged in sees it.' },
  },
});

@ObjectType('Post', { simpleResolvers: true, description: 'A blog post. Only those who are logged in can read posts.' })
export class Post {
  @Field(() => ID, { description: 'Identifies the post. It never changes.' })
  id!: string;

  @Field({ description: 'The headline: 1 to 200 characters, plain text.' })
  title!: string;

  @MaxBytes(50_000)
  @Field({
    description: 'The text: up to 50,000 characters, as its author wrote it. Escape it before you show it as HTML.',
  })
  body!: string;

  @Field(() => PostStatus, { description: 'Whether others can see the post.' })
  status!: PostStatus;

  @Field(() => Date, { nullable: true, description: 'When the post was last published. Null for a draft.' })
  publishedAt!: Date | null;

  @Field({ description: 'When the post was created.' })
  createdAt!: Date;

  @Field({ description: 'When the post was last changed, published or unpublished.' })
  updatedAt!: Date;

  @Field(() => User, { description: 'Who wrote the post.' })
  author!: User | (() => Promise<User | undefined>);
}

@ObjectType('PostEdge', { simpleResolvers: true, description: 'A post together with its place in the list.' })
export class PostEdge {
  @Field({ description: 'The place of this post in the list, to be sent as `after` or `before`.' })
  cursor!: string;

  @Field(() => Post, { description: 'The post.' })
  node!: Post;
}

@ObjectType('PostConnection', {
  simpleResolvers: true,
  description: 'A page of posts, newest first (Relay cursor connections).',
})
export class PostConnection {
  @Field(() => [PostEdge], { description: 'The posts of this page with their cursors.' })
  edges!: PostEdge[];

  @Field(() => [Post], { description: 'The posts of this page.' })
  nodes!: Post[];

  @Field(() => PageInfo, { description: 'Whether there is more, and the cursors to ask for it.' })
  pageInfo!: PageInfo;

  @Field(() => Int, {
    description: 'How many posts of the whole list the viewer may see. Counted only if requested.',
  })
  totalCount!: () => Promise<number>;
}

@ObjectType('DeletePostPayload', { simpleResolvers: true, description: 'Says which post was deleted.' })
export class DeletePostPayload {
  @Field(() => ID, { description: 'The id that the post had.' })
  deletedPostId!: string;
}
