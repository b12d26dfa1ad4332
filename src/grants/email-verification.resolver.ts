import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Public } from '../graphql/access.js';
import type { GraphContext } from '../graphql/context.js';
import { VerifyEmailInput } from './email-verification.input.js';
import type { VerifyEmail } from './email-verification.js';
import { VerifyEmailPayload } from './email-verification.type.js';
import { toTokenPair } from './token.type.js';

@Resolver()
export class EmailVerificationResolver {
  constructor(private readonly verify: VerifyEmail) {}

  @Public()
  @Mutation(() => VerifyEmailPayload, {
    description:
      'Activates the account of a sign-up and logs in. It needs the token or the code of the mail, and one proof of who signed up. Without that proof it changes nothing, so that a program which opens the link gets no access, and neither does somebody who signed up with the address of another person.',
  })
  async verifyEmail(
    @Arg('input', () => VerifyEmailInput, { description: 'The two proofs.' }) input: VerifyEmailInput,
    @Ctx() { clientInfo, isAbandoned, refreshTokens }: GraphContext,
  ): Promise<VerifyEmailPayload> {
    const issued = await this.verify(input, clientInfo, isAbandoned);
    return { verified: issued !== undefined, tokenPair: issued ? await toTokenPair(issued, refreshTokens) : null };
  }
}
