import { Args, Authorized, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { accountOf, type GraphContext } from '../graphql/context.js';
import { PageArgs } from '../graphql/page.type.js';
import { Failure } from '../shared/failure.js';
import { pageOf, type Page } from '../shared/page.js';
import type { AccountStore } from './account-store.js';
import { Account, accountType } from './account.type.js';
import { SecurityEventConnection, type SecurityEvent } from './security-event.type.js';
import type { SecurityTimeline } from './security-timeline.js';

@Resolver(() => Account)
export class AccountResolver {
  constructor(
    private readonly accounts: AccountStore,
    private readonly timeline: SecurityTimeline,
  ) {}

  @Authorized()
  @Query(() => Account, { description: 'Your own account.' })
  async me(@Ctx() context: GraphContext): Promise<Account> {
    const account = await this.accounts.find(accountOf(context));
    if (!account) throw new Failure('TOKEN_REVOKED');
    return accountType(account);
  }

  @FieldResolver(() => SecurityEventConnection, {
    description: 'What happened to the security of the account, newest first. Nothing is ever removed from it.',
  })
  async securityEvents(@Root() account: Account, @Args(() => PageArgs) page: PageArgs): Promise<Page<SecurityEvent>> {
    return pageOf(this.timeline(account.id), page, async (events) => events);
  }
}
