import { Field, InputType } from 'type-graphql';
import { z } from 'zod';
import { MailedProof, mailedProof } from '../graphql/mailed-proof.input.js';
import { passwordString } from '../accounts/passwords/password.input.js';
import { boundedString } from '../graphql/string-rules.js';
import { ValidatedBy } from '../graphql/validate-input.js';

@ValidatedBy(
  z.object({
    ...mailedProof,
    continuation: boundedString(200).nullish(),
    password: passwordString.nullish(),
    newPassword: passwordString.nullish(),
    deviceName: boundedString(100).nullish(),
  }),
)
@InputType('VerifyEmailInput', {
  description:
    'What proves that mail to the address arrives (`token`, or `email` and `code`), and what proves who signed up (`continuation`, `password` or `newPassword`).',
})
export class VerifyEmailInput extends MailedProof {
  @Field(() => String, { nullable: true, description: 'The secret that `signUp` returned to this client.' })
  continuation?: string | null;

  @Field(() => String, { nullable: true, description: 'The password that was chosen when signing up.' })
  password?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'A password instead of the one that was chosen. Accepted only with `code`, because programs that check the links of mails also submit forms.',
  })
  newPassword?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A name that the list of sessions shows for this device: at most 100 characters.',
  })
  deviceName?: string | null;
}
