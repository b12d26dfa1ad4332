import { Field, ObjectType } from 'type-graphql';

@ObjectType('SignUpPayload', {
  simpleResolvers: true,
  description: 'The result of a sign-up. It is the same whether or not the address has an account.',
})
export class SignUpPayload {
  @Field({ description: 'Always true.' })
  accepted!: boolean;

  @Field({
    description:
      'A secret of this client. Store it, and send it with `verifyEmail`: then the account is activated without typing the password again.',
  })
  continuation!: string;

  @Field({ description: 'Until when the address can be verified. After that, sign up again.' })
  expiresAt!: Date;
}

@ObjectType('ResendVerificationPayload', {
  simpleResolvers: true,
  description: 'The result of a request for another mail. It is the same whether or not there is a sign-up.',
})
export class ResendVerificationPayload {
  @Field({ description: 'Always true.' })
  accepted!: boolean;

  @Field({ description: 'Until when the address can be verified now, if the sign-up had not expired.' })
  expiresAt!: Date;
}
