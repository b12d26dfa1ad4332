import { z } from 'zod';
import { because } from '../../graphql/validate-input.js';
import { isPasswordTooLong, MOST_PASSWORD_LENGTH } from './password-length.js';

/** A password, old or new. The rules for new ones are checked where it is stored. */
export const passwordString = z
  .string()
  .refine(
    (given) => !isPasswordTooLong(given),
    because('TOO_LONG', `Must be at most ${MOST_PASSWORD_LENGTH} characters long.`),
  );
