import { Authorized, Ctx, Query, Resolver } from 'type-graphql';
import { accountOf, type GraphContext } from '../graphql/context.js';
import { Failure } from '../shared/failure.js';
import type { AccountStore } from './account-store.js';
import { Account, accountType } from './account.type.js';

@Resolver(() => Account)
export class AccountResolver {
  constructor(private readonly accounts: AccountStore) {}

  @Authorized()
  @Query(() => Account, { description: 'Your own account.' })
  async me(@Ctx() context: GraphContext): Promise<Account> {
    const account = await this.accounts.find(accountOf(context));
    if (!account) throw new Failure('TOKEN_REVOKED');
    return accountType(account);
  }
}
