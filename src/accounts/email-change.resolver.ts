import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Idempotent, Public } from '../graphql/access.js';
import type { GraphContext } from '../graphql/context.js';
import { CurrentViewer } from '../graphql/current-viewer.js';
import type { AuthenticatedViewer } from '../tokens/viewer.js';
import { ACCEPTED, AcceptedPayload } from './accepted.type.js';
import { CancelEmailChangePayload, ConfirmEmailChangePayload, toAccount, type AccountPayload } from './account.type.js';
import { ChangeEmailInput, ConfirmEmailChangeInput, UndoEmailChangeInput } from './email-change.input.js';
import type { EmailChange } from './email-change.js';

@Resolver()
export class EmailChangeResolver {
  constructor(private readonly changes: EmailChange) {}

  @Mutation(() => AcceptedPayload, {
    description:
      'Requests a change of your address. The new address receives a mail with a link and a code, with which `confirmEmailChange` changes it. If the address has another account, the mail says so; the response is the same. It requires a recent login (`RECENT_LOGIN_REQUIRED`).',
  })
  async changeEmail(
    @Arg('input', () => ChangeEmailInput, { description: 'The new address.' }) { newEmail }: ChangeEmailInput,
    @CurrentViewer() viewer: AuthenticatedViewer,
    @Ctx() { clientInfo }: GraphContext,
  ): Promise<AcceptedPayload> {
    await this.changes.request(viewer, newEmail, clientInfo);
    return ACCEPTED;
  }

  @Mutation(() => AcceptedPayload, {
    description: 'Sends the mail to `pendingEmail` again. Its link and code replace those of earlier mails.',
  })
  async resendEmailChange(
    @CurrentViewer() viewer: AuthenticatedViewer,
    @Ctx() { clientInfo }: GraphContext,
  ): Promise<AcceptedPayload> {
    await this.changes.resend(viewer, clientInfo);
    return ACCEPTED;
  }

  @Idempotent()
  @Mutation(() => CancelEmailChangePayload, {
    description: 'Cancels the change of your address that waits for its confirmation.',
  })
  async cancelEmailChange(
    @CurrentViewer() viewer: AuthenticatedViewer,
    @Ctx() { clientInfo }: GraphContext,
  ): Promise<AccountPayload> {
    return { account: toAccount(await this.changes.cancel(viewer, clientInfo)) };
  }

  @Mutation(() => ConfirmEmailChangePayload, {
    description:
      'Changes your address to `pendingEmail`, and revokes all your other sessions. The previous address receives a mail, with which `undoEmailChange` restores it for 72 hours.',
  })
  async confirmEmailChange(
    @Arg('input', () => ConfirmEmailChangeInput, { description: 'The proof.' }) input: ConfirmEmailChangeInput,
    @CurrentViewer() viewer: AuthenticatedViewer,
    @Ctx() { clientInfo }: GraphContext,
  ): Promise<AccountPayload> {
    return { account: toAccount(await this.changes.confirm(viewer, input, clientInfo)) };
  }

  @Public()
  @Mutation(() => AcceptedPayload, {
    description:
      'Restores the previous address of an account by means of the mail to it. It revokes all sessions and voids the password: request a new one with `requestPasswordReset`.',
  })
  async undoEmailChange(
    @Arg('input', () => UndoEmailChangeInput, { description: 'The proof.' }) input: UndoEmailChangeInput,
    @Ctx() { clientInfo, isAbandoned }: GraphContext,
  ): Promise<AcceptedPayload> {
    await this.changes.undo(input, clientInfo, isAbandoned);
    return ACCEPTED;
  }
}
