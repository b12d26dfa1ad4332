import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { AuthenticatedViewer } from '../tokens/viewer.js';
import type { GraphContext } from '../graphql/context.js';
import { CurrentViewer } from '../graphql/current-viewer.js';
import { PageArgs, type Connection } from '../graphql/connection.type.js';
import { Failure } from '../errors/failure.js';
import { connectionPage } from '../graphql/connection.js';
import type { AccountStore } from './account-store.js';
import { Account, toAccount } from './account.type.js';
import { SecurityEventConnection, type SecurityEvent } from '../events/security-event.type.js';
import type { SecurityTimeline } from '../events/security-timeline.js';

@Resolver(() => Account)
export class AccountResolver {
  constructor(
    private readonly accounts: AccountStore,
    private readonly timeline: SecurityTimeline,
  ) {}

  @Query(() => Account, { description: 'Your own account.' })
  async me(@CurrentViewer() { accountId }: AuthenticatedViewer): Promise<Account> {
    const account = await this.accounts.find(accountId);
    if (!account) throw new Failure('TOKEN_REVOKED');
    return toAccount(account);
  }

  @FieldResolver(() => SecurityEventConnection, {
    description: 'The security events of the account, newest first. Old events expire.',
  })
  async securityEvents(
    @Root() account: Account,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { deadline }: GraphContext,
  ): Promise<Connection<SecurityEvent>> {
    return connectionPage(this.timeline(account.id), page, deadline);
  }
}
