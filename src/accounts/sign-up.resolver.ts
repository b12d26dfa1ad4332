import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Public } from '../graphql/access.js';
import type { GraphContext } from '../graphql/context.js';
import { SignUpInput } from './sign-up.input.js';
import type { SignUp } from './sign-up.js';
import { SignUpPayload } from './sign-up.type.js';

@Resolver()
export class SignUpResolver {
  constructor(private readonly accept: SignUp) {}

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
}
