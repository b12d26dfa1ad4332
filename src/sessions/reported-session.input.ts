import { Field, InputType } from 'type-graphql';
import { z } from 'zod';
import { boundedString } from '../graphql/string-rules.js';
import { ValidatedBy } from '../graphql/validate-input.js';

const fields = z.object({
  token: boundedString(2000).nullish(),
  email: boundedString(254).nullish(),
  code: boundedString(32).nullish(),
});

@ValidatedBy(fields)
@InputType('RevokeReportedSessionInput', {
  description: 'What proves that the notice about the session arrived: `token`, or `email` and `code`.',
})
export class RevokeReportedSessionInput {
  @Field(() => String, { nullable: true, description: 'The token of the link: its part after `#token=`.' })
  token?: string | null;

  @Field(() => String, { nullable: true, description: 'The address that received the mail. Send it with `code`.' })
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The code of the mail: 8 characters. Case, spaces and hyphens do not matter.',
  })
  code?: string | null;
}
