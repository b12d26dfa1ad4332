import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Public } from '../graphql/access.js';
import type { GraphContext } from '../graphql/context.js';
import { ACCEPTED, AcceptedPayload } from './accepted.type.js';
import { EmailInput, ResetPasswordInput } from './password-reset.input.js';
import type { PasswordReset } from './password-reset.js';

@Resolver()
export class PasswordResetResolver {
  constructor(private readonly passwords: PasswordReset) {}

  @Public()
  @Mutation(() => AcceptedPayload, {
    description:
      'Sends a mail with a link and a code, with which `resetPassword` replaces a forgotten password. They are valid for an hour, and replace those of earlier mails. If the address has no account, the mail says so; the response is the same.',
  })
  async requestPasswordReset(
    @Arg('input', () => EmailInput, { description: 'The address of the account.' }) { email }: EmailInput,
    @Ctx() { clientInfo }: GraphContext,
  ): Promise<AcceptedPayload> {
    await this.passwords.request(email, clientInfo);
    return ACCEPTED;
  }

  @Public()
  @Mutation(() => AcceptedPayload, {
    description:
      'Replaces the password of an account by means of a mail, and revokes all its sessions. It does not log in: call `login` next.',
  })
  async resetPassword(
    @Arg('input', () => ResetPasswordInput, { description: 'The proof, and the new password.' })
    input: ResetPasswordInput,
    @Ctx() { clientInfo, isAbandoned }: GraphContext,
  ): Promise<AcceptedPayload> {
    await this.passwords.reset(input, clientInfo, isAbandoned);
    return ACCEPTED;
  }
}
