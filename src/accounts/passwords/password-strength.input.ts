import { Field, InputType } from 'type-graphql';
import { z } from 'zod';
import { boundedString } from '../../graphql/string-rules.js';
import { ValidatedBy } from '../../graphql/validate-input.js';
import { MOST_DISPLAY_NAME_LENGTH } from '../display-name.js';

/** The length of the password is a result, not an error. */
@ValidatedBy(
  z.object({ email: boundedString(254).nullish(), displayName: boundedString(MOST_DISPLAY_NAME_LENGTH).nullish() }),
)
@InputType('PasswordStrengthInput', {
  description: 'A password, and what anybody may know about its account. Send it as a variable, by POST.',
})
export class PasswordStrengthInput {
  @Field({ description: 'The password that a person considers.' })
  password!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The address of the account, or what was typed of it: at most 254 characters.',
  })
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The display name of the account, or what was typed of it: at most 100 characters.',
  })
  displayName?: string | null;
}
