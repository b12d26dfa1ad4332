import { Field, ID, ObjectType, registerEnumType, type ClassType } from 'type-graphql';
import type { User } from '../accounts/account.type.js';
import { MaxCharacters } from '../graphql/access.js';
import { readsOf, StoredColumns } from '../graphql/columns.js';
import { connectionType } from '../graphql/connection.type.js';
import { Node } from '../graphql/node.type.js';
import { PostStatus } from '../database/generated/enums.js';
import { POST_FIELDS, type PostRow } from './post-row.js';

export { PostStatus };

registerEnumType(PostStatus, {
  name: 'PostStatus',
  description: 'Who can see a post.',
  valuesConfig: {
    DRAFT: { description: 'Only its author sees it.' },
    PUBLISHED: { description: 'Everybody who is logged in sees it.' },
  },
});

@StoredColumns(Object.keys(POST_FIELDS))
@ObjectType('Post', {
  implements: Node,
  simpleResolvers: true,
  description: 'A blog post. Only those who are logged in can read posts.',
})
export class Post extends Node {
  @Field({ description: 'The headline: 1 to 200 characters, plain text.' })
  title!: string;

  @MaxCharacters(50_000)
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

  // Not fields of the schema: the field `author` is resolved from these.
  authorId!: string;
  /** Set on the posts of a list, whose authors are read together. */
  author?: User | undefined;
}

/** Declares the columns that a field resolver of Post reads, as in `@Reads('body')`. */
export const Reads = readsOf<PostRow>();

export const PostConnection = connectionType('Post', Post);

/** Each mutation has a payload of its own, so that it can return more later. */
function postPayload(name: string, description: string): ClassType<PostPayload> {
  @ObjectType(name, { simpleResolvers: true, description })
  class Payload implements PostPayload {
    @Field(() => Post, { description: 'The post after the mutation.' })
    post!: Post;
  }
  return Payload;
}

export interface PostPayload {
  readonly post: Post;
}

export const CreatePostPayload = postPayload('CreatePostPayload', 'The result of creating a post.');
export const UpdatePostPayload = postPayload('UpdatePostPayload', 'The result of changing a post.');
export const PublishPostPayload = postPayload('PublishPostPayload', 'The result of publishing a post.');
export const UnpublishPostPayload = postPayload('UnpublishPostPayload', 'The result of unpublishing a post.');

@ObjectType('DeletePostPayload', { simpleResolvers: true, description: 'The result of deleting a post.' })
export class DeletePostPayload {
  @Field(() => ID, { description: 'The id that the post had.' })
  deletedPostId!: string;
}
