import { Field, InputType } from 'type-graphql';
import { z } from 'zod';
import { passwordString } from '../accounts/passwords/password.input.js';
import { boundedString } from '../graphql/string-rules.js';
import { ValidatedBy } from '../graphql/validate-input.js';

@ValidatedBy(
  z.object({
    token: boundedString(2000).nullish(),
    email: boundedString(254).nullish(),
    code: boundedString(32).nullish(),
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
export class VerifyEmailInput {
  @Field(() => String, { nullable: true, description: 'The token of the link: its part after `#token=`.' })
  token?: string | null;

  @Field(() => String, { nullable: true, description: 'The address that the mail went to. Send it with `code`.' })
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The code of the mail: 8 characters. Case, spaces and hyphens do not matter.',
  })
  code?: string | null;

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
