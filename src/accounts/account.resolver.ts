import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { AuthenticatedViewer } from '../tokens/viewer.js';
import { Idempotent } from '../graphql/access.js';
import type { GraphContext } from '../graphql/context.js';
import { CurrentViewer } from '../graphql/current-viewer.js';
import { PageArgs, type Connection } from '../graphql/connection.type.js';
import { Failure } from '../errors/failure.js';
import { connectionPage } from '../graphql/connection.js';
import type { AccountStore } from './account-store.js';
import { ChangeDisplayNameInput } from './account.input.js';
import { Account, ChangeDisplayNamePayload, toAccount } from './account.type.js';
import type { ChangeDisplayName } from './display-name-change.js';
import { SecurityEventConnection, type SecurityEvent } from '../events/security-event.type.js';
import type { SecurityTimeline } from '../events/security-timeline.js';

@Resolver(() => Account)
export class AccountResolver {
  constructor(
    private readonly accounts: AccountStore,
    private readonly timeline: SecurityTimeline,
    private readonly rename: ChangeDisplayName,
  ) {}

  @Query(() => Account, { description: 'Your own account.' })
  async me(@CurrentViewer() { accountId }: AuthenticatedViewer): Promise<Account> {
    const account = await this.accounts.find(accountId);
    if (!account) throw new Failure('TOKEN_REVOKED');
    return toAccount(account);
  }

  @Idempotent()
  @Mutation(() => ChangeDisplayNamePayload, { description: 'Changes the name that other viewers see.' })
  async changeDisplayName(
    @Arg('input', () => ChangeDisplayNameInput, { description: 'The new name.' })
    { displayName }: ChangeDisplayNameInput,
    @CurrentViewer() viewer: AuthenticatedViewer,
    @Ctx() { clientInfo }: GraphContext,
  ): Promise<ChangeDisplayNamePayload> {
    return { account: toAccount(await this.rename(viewer, displayName, clientInfo)) };
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
