import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { PublicAccounts } from '../accounts/public-accounts.js';
import { User } from '../accounts/account.type.js';
import { connectionPage } from '../graphql/connection.js';
import type { Connection } from '../graphql/connection.type.js';
import type { GraphContext } from '../graphql/context.js';
import { Idempotent } from '../graphql/access.js';
import { CurrentViewer } from '../graphql/current-viewer.js';
import { nodeSelection } from '../graphql/selection.js';
import type { AuthenticatedViewer } from '../tokens/viewer.js';
import type { ListedPost, Posts } from './post-service.js';
import { CreatePostInput, PostIdInput, PostsArgs, UpdatePostInput } from './post.input.js';
import {
  CreatePostPayload,
  DeletePostPayload,
  Post,
  PostConnection,
  PublishPostPayload,
  Reads,
  UnpublishPostPayload,
  UpdatePostPayload,
  type PostPayload,
} from './post.type.js';

@Resolver(() => Post)
export class PostResolver {
  constructor(
    private readonly posts: Posts,
    private readonly accounts: Pick<PublicAccounts, 'find'>,
  ) {}

  @Query(() => Post, {
    nullable: true,
    description: "One post. Null if it does not exist, or is another author's draft.",
  })
  async post(
    @Arg('id', () => ID, { description: 'The post to read.' }) id: string,
    @CurrentViewer() { accountId }: AuthenticatedViewer,
  ): Promise<Post | undefined> {
    return this.posts.read(id, accountId);
  }

  @Query(() => PostConnection, {
    name: 'posts',
    description: 'The posts that you may see, newest first by default: all published ones and your own drafts.',
  })
  async list(
    @Args(() => PostsArgs) args: PostsArgs,
    @CurrentViewer() { accountId }: AuthenticatedViewer,
    @Info() info: GraphQLResolveInfo,
    @Ctx() { deadline }: GraphContext,
  ): Promise<Connection<ListedPost>> {
    const { fields, columns } = nodeSelection(info);
    const needed = { columns, author: fields.has('author') };
    return connectionPage(this.posts.list(args, accountId, needed, deadline), args, deadline);
  }

  @Idempotent({ key: 'idempotencyKey' })
  @Mutation(() => CreatePostPayload, {
    description: 'Creates a post. The viewer is its author. With an `idempotencyKey`, a client may retry it safely.',
  })
  async createPost(
    @Arg('input', () => CreatePostInput, { description: 'The post to create.' }) input: CreatePostInput,
    @CurrentViewer() { accountId }: AuthenticatedViewer,
  ): Promise<PostPayload> {
    return { post: await this.posts.create(input, accountId) };
  }

  @Idempotent()
  @Mutation(() => UpdatePostPayload, { description: 'Changes the title or the body of one of your posts.' })
  async updatePost(
    @Arg('input', () => UpdatePostInput, { description: 'The post and its changes.' }) input: UpdatePostInput,
    @CurrentViewer() { accountId }: AuthenticatedViewer,
  ): Promise<PostPayload> {
    return { post: await this.posts.update(input, accountId) };
  }

  @Idempotent()
  @Mutation(() => PublishPostPayload, {
    description: 'Publishes one of your posts: every viewer can read it. Repeating it changes nothing.',
  })
  async publishPost(
    @Arg('input', () => PostIdInput, { description: 'The post to publish.' }) input: PostIdInput,
    @CurrentViewer() { accountId }: AuthenticatedViewer,
  ): Promise<PostPayload> {
    return { post: await this.posts.publish(input.id, accountId) };
  }

  @Idempotent()
  @Mutation(() => UnpublishPostPayload, {
    description: 'Makes one of your posts a draft again. Repeating it changes nothing.',
  })
  async unpublishPost(
    @Arg('input', () => PostIdInput, { description: 'The post to unpublish.' }) input: PostIdInput,
    @CurrentViewer() { accountId }: AuthenticatedViewer,
  ): Promise<PostPayload> {
    return { post: await this.posts.unpublish(input.id, accountId) };
  }

  @Idempotent()
  @Mutation(() => DeletePostPayload, { description: 'Deletes one of your posts permanently.' })
  async deletePost(
    @Arg('input', () => PostIdInput, { description: 'The post to delete.' }) input: PostIdInput,
    @CurrentViewer() { accountId }: AuthenticatedViewer,
  ): Promise<DeletePostPayload> {
    await this.posts.remove(input.id, accountId);
    return { deletedPostId: input.id };
  }

  @Reads('authorId')
  @FieldResolver(() => User, { description: 'Who wrote the post.' })
  author(@Root() post: Pick<Post, 'authorId' | 'author'>): User | Promise<User | undefined> {
    // Not async: the promises would add a third to the processor time of a list.
    return post.author ?? this.accounts.find(post.authorId);
  }
}
