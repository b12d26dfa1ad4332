import { Field, InputType } from 'type-graphql';
import { z } from 'zod';
import { ValidatedBy } from '../graphql/validate-input.js';
import { emailString } from './account.input.js';
import { MailedProof, mailedProof } from '../graphql/mailed-proof.input.js';
import { passwordString } from './passwords/password.input.js';

@ValidatedBy(z.object({ email: emailString }))
@InputType('EmailInput', { description: 'An e-mail address.' })
export class EmailInput {
  @Field({ description: 'The address that the mail goes to. Case does not matter.' })
  email!: string;
}

@ValidatedBy(
  z.object({
    ...mailedProof,
    newPassword: passwordString,
  }),
)
@InputType('ResetPasswordInput', {
  description: 'What proves that mail to the address arrives (`token`, or `email` and `code`), and the new password.',
})
export class ResetPasswordInput extends MailedProof {
  @Field({
    description: 'The new password: 15 to 256 characters of any kind. Passwords that are easy to guess are rejected.',
  })
  newPassword!: string;
}
