import { Field, InputType } from 'type-graphql';
import { z } from 'zod';
import { boundedString, filledString } from '../graphql/string-rules.js';
import { because, ValidatedBy } from '../graphql/validate-input.js';
import { hasForbiddenCharacter, MOST_DISPLAY_NAME_LENGTH } from './display-name.js';
import { isEmailAddress } from './email-address.js';
import { passwordString } from './passwords/password.input.js';

const emailString = boundedString(254).refine(isEmailAddress, because('INVALID_FORMAT', 'Must be an e-mail address.'));

const displayNameString = filledString(MOST_DISPLAY_NAME_LENGTH).refine(
  (given) => !hasForbiddenCharacter(given),
  because(
    'INVALID_CHARACTER',
    'Must not contain control characters, nor characters that change the direction of text.',
  ),
);

@ValidatedBy(z.object({ email: emailString, password: passwordString, displayName: displayNameString }))
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
}
