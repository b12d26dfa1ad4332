import { Field, InputType } from 'type-graphql';
import { z } from 'zod';
import { boundedString } from '../graphql/string-rules.js';
import { ValidatedBy } from '../graphql/validate-input.js';
import { emailString } from './account.input.js';
import { passwordString } from './passwords/password.input.js';

@ValidatedBy(z.object({ email: emailString }))
@InputType('EmailInput', { description: 'An e-mail address.' })
export class EmailInput {
  @Field({ description: 'The address that the mail goes to. Case does not matter.' })
  email!: string;
}

@ValidatedBy(
  z.object({
    token: boundedString(2000).nullish(),
    email: boundedString(254).nullish(),
    code: boundedString(32).nullish(),
    newPassword: passwordString,
  }),
)
@InputType('ResetPasswordInput', {
  description: 'What proves that mail to the address arrives (`token`, or `email` and `code`), and the new password.',
})
export class ResetPasswordInput {
  @Field(() => String, { nullable: true, description: 'The token of the link: its part after `#token=`.' })
  token?: string | null;

  @Field(() => String, { nullable: true, description: 'The address that the mail went to. Send it with `code`.' })
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The code of the mail: 8 characters. Case, spaces and hyphens do not matter.',
  })
  code?: string | null;

  @Field({
    description: 'The new password: 15 to 256 characters of any kind. Passwords that are easy to guess are rejected.',
  })
  newPassword!: string;
}
