import { Field, InputType } from 'type-graphql';
import { z } from 'zod';
import { boundedString, filledString } from '../graphql/string-rules.js';
import { because, ValidatedBy } from '../graphql/validate-input.js';
import { hasForbiddenCharacter, MOST_DISPLAY_NAME_LENGTH } from './display-name.js';
import { isEmailAddress } from './email-address.js';

/** An address that mail is sent to. */
export const emailString = boundedString(254).refine(
  isEmailAddress,
  because('INVALID_FORMAT', 'Must be an e-mail address.'),
);

export const displayNameString = filledString(MOST_DISPLAY_NAME_LENGTH).refine(
  (given) => !hasForbiddenCharacter(given),
  because(
    'INVALID_CHARACTER',
    'Must not contain control characters, nor characters that change the direction of text.',
  ),
);

@ValidatedBy(z.object({ displayName: displayNameString }))
@InputType('ChangeDisplayNameInput', { description: 'The new name.' })
export class ChangeDisplayNameInput {
  @Field({
    description:
      'The name that other viewers see: 1 to 100 characters. Control characters, and characters that change the direction of text, are rejected.',
  })
  displayName!: string;
}
