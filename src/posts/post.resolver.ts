import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import type { AccountStore } from '../accounts/account-store.js';
import type { AuthenticatedViewer } from '../tokens/viewer.js';
import { CurrentViewer } from '../graphql/current-viewer.js';
import { fieldsAt } from '../graphql/selection.js';
import type { PageWindow } from '../database/page-window.js';
import { connectionPage, type Page } from '../graphql/connection.js';
import { POST_COLUMNS, type ListedPost, type PostRow } from './post-row.js';
import type { PostStore } from './post-store.js';
import { CreatePostInput, PostIdInput, PostsArgs, UpdatePostInput } from './post.input.js';
import { DeletePostPayload, Post, PostConnection } from './post.type.js';
import type { Posts } from './post-service.js';

@Resolver(() => Post)
export class PostResolver {
  constructor(
    private readonly service: Posts,
    private readonly store: PostStore,
    private readonly accounts: AccountStore,
  ) {}

  @Query(() => Post, {
    nullable: true,
    description: "One post. Null if it does not exist, or is another author's draft.",
  })
  async post(
    @Arg('id', () => ID, { description: 'The post to read.' }) id: string,
    @CurrentViewer() { accountId }: AuthenticatedViewer,
  ): Promise<Post | undefined> {
    const post = await this.service.read(id, accountId);
    return post && this.withAuthor(post);
  }

  @Query(() => PostConnection, {
    name: 'posts',
    description: 'The posts that you may see, newest first: all published ones and your own drafts.',
  })
  async list(
    @Args(() => PostsArgs) args: PostsArgs,
    @CurrentViewer() { accountId }: AuthenticatedViewer,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<ListedPost>> {
    const readerId = accountId;
    const filter = args.filter ?? {};
    const fields = new Set([...fieldsAt(info, 'nodes'), ...fieldsAt(info, 'edges', 'node')]);
    const columns = new Set(POST_COLUMNS.filter((name) => fields.has(name)));
    const listing = {
      name: 'post',
      list: (window: PageWindow) => this.store.list({ readerId, filter, window, columns }),
      count: () => this.store.count(readerId, filter),
    };
    return connectionPage(listing, args, async (posts) => (fields.has('author') ? this.withAuthors(posts) : posts));
  }

  @Mutation(() => Post, { description: 'Creates a post. The viewer is its author.' })
  async createPost(
    @Arg('input', () => CreatePostInput, { description: 'The post to create.' }) input: CreatePostInput,
    @CurrentViewer() { accountId }: AuthenticatedViewer,
  ): Promise<Post> {
    return this.withAuthor(await this.service.create(input, accountId));
  }

  @Mutation(() => Post, { description: 'Changes the title or the body of one of your posts.' })
  async updatePost(
    @Arg('input', () => UpdatePostInput, { description: 'The post and its changes.' }) input: UpdatePostInput,
    @CurrentViewer() { accountId }: AuthenticatedViewer,
  ): Promise<Post> {
    return this.withAuthor(await this.service.revise(input.id, input, accountId));
  }

  @Mutation(() => Post, {
    description: 'Publishes one of your posts: every viewer can read it. Repeating it changes nothing.',
  })
  async publishPost(
    @Arg('input', () => PostIdInput, { description: 'The post to publish.' }) input: PostIdInput,
    @CurrentViewer() { accountId }: AuthenticatedViewer,
  ): Promise<Post> {
    return this.withAuthor(await this.service.publish(input.id, accountId));
  }

  @Mutation(() => Post, { description: 'Makes one of your posts a draft again. Repeating it changes nothing.' })
  async unpublishPost(
    @Arg('input', () => PostIdInput, { description: 'The post to unpublish.' }) input: PostIdInput,
    @CurrentViewer() { accountId }: AuthenticatedViewer,
  ): Promise<Post> {
    return this.withAuthor(await this.service.unpublish(input.id, accountId));
  }

  @Mutation(() => DeletePostPayload, { description: 'Deletes one of your posts permanently.' })
  async deletePost(
    @Arg('input', () => PostIdInput, { description: 'The post to delete.' }) input: PostIdInput,
    @CurrentViewer() { accountId }: AuthenticatedViewer,
  ): Promise<DeletePostPayload> {
    await this.service.remove(input.id, accountId);
    return { deletedPostId: input.id };
  }

  private withAuthor(post: PostRow): Post {
    return { ...post, author: () => this.accounts.find(post.authorId) };
  }

  /** Each author is read once, however many of the posts are theirs. */
  private async withAuthors(posts: readonly ListedPost[]): Promise<ListedPost[]> {
    const authors = await this.accounts.findAll(new Set(posts.map(({ authorId }) => authorId)));
    return posts.map((post) => ({ ...post, author: authors.get(post.authorId) }));
  }
}
