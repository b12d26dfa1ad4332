import { Field, InputType } from 'type-graphql';
import { z } from 'zod';
import { ValidatedBy } from '../graphql/validate-input.js';
import { boundedString } from '../graphql/string-rules.js';
import { displayNameString, emailString } from './account.input.js';
import { passwordString } from './passwords/password.input.js';

@ValidatedBy(
  z.object({
    email: emailString,
    password: passwordString,
    displayName: displayNameString,
    invitation: boundedString(2000).nullish(),
  }),
)
@InputType('SignUpInput', { description: 'Who signs up.' })
export class SignUpInput {
  @Field({ description: 'The e-mail address of the new account. It receives a mail with a link and a code.' })
  email!: string;

  @Field({
    description: 'The password: 15 to 256 characters of any kind. Passwords that are easy to guess are rejected.',
  })
  password!: string;

  @Field({
    description:
      'The name that other viewers see: 1 to 100 characters. Control characters, and characters that change the direction of text, are rejected.',
  })
  displayName!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'If the server requires an invitation (`INVITATION_REQUIRED`): the token of its link, after `#token=`, or the code of its mail. Otherwise it is ignored.',
  })
  invitation?: string | null;
}

@ValidatedBy(z.object({ email: emailString, continuation: boundedString(100) }))
@InputType('ResendVerificationInput', { description: 'Which sign-up it is.' })
export class ResendVerificationInput {
  @Field({ description: 'The e-mail address of the sign-up.' })
  email!: string;

  @Field({ description: 'The secret that `signUp` returned.' })
  continuation!: string;
}
