import { Arg, ID, Query, Resolver } from 'type-graphql';
import type { AccountResolver } from '../accounts/account.resolver.js';
import type { Account } from '../accounts/account.type.js';
import { CurrentViewer } from '../graphql/current-viewer.js';
import { Node, type TypedNode } from '../graphql/node.type.js';
import type { PostResolver } from '../posts/post.resolver.js';
import type { Post } from '../posts/post.type.js';
import type { AuthenticatedViewer } from '../tokens/viewer.js';

@Resolver(() => Node)
export class NodeResolver {
  constructor(
    private readonly accounts: Pick<AccountResolver, 'me'>,
    private readonly posts: Pick<PostResolver, 'post'>,
  ) {}

  @Query(() => Node, {
    nullable: true,
    description: 'Your own account, or a post that you may see, by its id. Null for every other id.',
  })
  async node(
    @Arg('id', () => ID, { description: 'The object to read.' }) id: string,
    @CurrentViewer() viewer: AuthenticatedViewer,
  ): Promise<TypedNode<Account | Post> | undefined> {
    if (id === viewer.accountId) return { ...(await this.accounts.me(viewer)), __typename: 'Account' };
    const post = await this.posts.post(id, viewer);
    return post && { ...post, __typename: 'Post' };
  }
}
