import { Field, InputType } from 'type-graphql';
import { boundedString } from './string-rules.js';

/** The fields of a mail's link and code, for `z.object`. They are verified later, so only their lengths are bounded. */
export const mailedSecret = { token: boundedString(2000).nullish(), code: boundedString(32).nullish() };
export const mailedProof = { ...mailedSecret, email: boundedString(254).nullish() };

@InputType()
export abstract class MailedSecret {
  @Field(() => String, { nullable: true, description: 'The token of the link: its part after `#token=`.' })
  token?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The code of the mail: 8 characters. Case, spaces and hyphens do not matter.',
  })
  code?: string | null;
}

/** What proves that mail to an address arrives: `token`, or `email` and `code`. */
@InputType()
export abstract class MailedProof extends MailedSecret {
  @Field(() => String, { nullable: true, description: 'The address that the mail went to. Send it with `code`.' })
  email?: string | null;
}
