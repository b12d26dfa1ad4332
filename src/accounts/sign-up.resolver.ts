import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Public } from '../graphql/access.js';
import type { GraphContext } from '../graphql/context.js';
import { ResendVerificationInput, SignUpInput } from './sign-up.input.js';
import type { SignUp } from './sign-up.js';
import { ResendVerificationPayload, SignUpPayload } from './sign-up.type.js';
import type { ResendVerification } from './verification-resending.js';

@Resolver()
export class SignUpResolver {
  constructor(
    private readonly accept: SignUp,
    private readonly resend: ResendVerification,
  ) {}

  @Public()
  @Mutation(() => SignUpPayload, {
    description:
      'Signs up with an e-mail address. The address receives a mail with a link and a code, with which `verifyEmail` activates the account. Until then there is no account. If the address has one already, the mail says so; the response is the same.',
  })
  async signUp(
    @Arg('input', () => SignUpInput, { description: 'Who signs up.' }) input: SignUpInput,
    @Ctx() { clientInfo, isAbandoned }: GraphContext,
  ): Promise<SignUpPayload> {
    const { continuation, expiresAt } = await this.accept(input, clientInfo, isAbandoned);
    return { accepted: true, continuation, expiresAt };
  }

  @Public()
  @Mutation(() => ResendVerificationPayload, {
    description:
      'Sends the mail of a sign-up again, for the client that signed up. Its link and code replace those of earlier mails, and the 24 hours begin again. If no sign-up of this client waits, or the address has an account, the mail says so; the response is the same.',
  })
  async resendVerification(
    @Arg('input', () => ResendVerificationInput, { description: 'Which sign-up it is.' })
    input: ResendVerificationInput,
    @Ctx() { clientInfo }: GraphContext,
  ): Promise<ResendVerificationPayload> {
    return { accepted: true, expiresAt: await this.resend(input, clientInfo) };
  }
}
