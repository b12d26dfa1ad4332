import { Field, ObjectType } from 'type-graphql';
import { TokenPair } from './token.type.js';

@ObjectType('VerifyEmailPayload', { simpleResolvers: true, description: 'Whether the account is active now.' })
export class VerifyEmailPayload {
  @Field({
    description:
      'Whether the account was activated. False: the link or the code is valid, but nothing proves who signed up. Nothing was changed. Ask for the password and send it along.',
  })
  verified!: boolean;

  @Field(() => TokenPair, {
    nullable: true,
    description: 'The token pair of a new session. Null if `verified` is false.',
  })
  tokenPair!: TokenPair | null;
}
