import { z } from 'zod';

/** A string of at most `most` characters without U+0000, which PostgreSQL cannot store. */
export function boundedString(most: number) {
  return z
    .string()
    .max(most, `must be at most ${most.toLocaleString('en')} characters long`)
    .refine((given) => !given.includes('\0'), 'must not contain the character U+0000');
}

/** The form of an id. The service checks whether the object exists. */
export const idString = boundedString(100);

/** A bounded string that is not blank. */
export function filledString(most: number) {
  return boundedString(most).regex(/\S/, 'must not be blank');
}
