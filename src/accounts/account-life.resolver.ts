import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { Idempotent } from '../graphql/access.js';
import type { GraphContext } from '../graphql/context.js';
import { CurrentViewer } from '../graphql/current-viewer.js';
import type { AuthenticatedViewer } from '../tokens/viewer.js';
import { ACCEPTED, AcceptedPayload } from './accepted.type.js';
import type { AccountDeletion } from './account-deletion.js';
import { ChangeDisplayNameInput } from './account.input.js';
import { Account, toAccount } from './account.type.js';
import type { ChangeDisplayName } from './display-name-change.js';
import { ExportMyDataPayload } from './account-life.type.js';
import type { ExportData } from './data-export.js';

/** What owners do with their accounts. */
export interface AccountLife {
  readonly changeDisplayName: ChangeDisplayName;
  readonly exportData: ExportData;
  readonly requestDeletion: AccountDeletion['request'];
}

@Resolver()
export class AccountLifeResolver {
  constructor(private readonly life: AccountLife) {}

  @Idempotent()
  @Mutation(() => Account, { description: 'Changes the name that other viewers see.' })
  async changeDisplayName(
    @Arg('input', () => ChangeDisplayNameInput, { description: 'The new name.' })
    { displayName }: ChangeDisplayNameInput,
    @CurrentViewer() viewer: AuthenticatedViewer,
    @Ctx() { clientInfo }: GraphContext,
  ): Promise<Account> {
    return toAccount(await this.life.changeDisplayName(viewer, displayName, clientInfo));
  }

  @Query(() => ExportMyDataPayload, {
    description:
      'Everything that is stored about your account, without hashes and secrets. It requires a recent login (`RECENT_LOGIN_REQUIRED`).',
  })
  async exportMyData(
    @Arg('after', () => String, { nullable: true, description: 'The `endCursor` of the previous response.' })
    after: string | null | undefined,
    @CurrentViewer() viewer: AuthenticatedViewer,
    @Ctx() { deadline }: GraphContext,
  ): Promise<ExportMyDataPayload> {
    const { data, endCursor = null } = await this.life.exportData(viewer, after ?? undefined, deadline);
    return { data, endCursor };
  }

  @Mutation(() => AcceptedPayload, {
    description:
      'Requests the deletion of your account, and revokes all its sessions. Others do not see it from now on. It is deleted after 7 days; a login before that restores it. It requires a recent login (`RECENT_LOGIN_REQUIRED`).',
  })
  async deleteAccount(
    @CurrentViewer() viewer: AuthenticatedViewer,
    @Ctx() { clientInfo }: GraphContext,
  ): Promise<AcceptedPayload> {
    await this.life.requestDeletion(viewer, clientInfo);
    return ACCEPTED;
  }
}
