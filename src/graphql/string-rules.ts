import { z } from 'zod';
import { because } from './validate-input.js';

/** A string of at most `most` characters without U+0000, which PostgreSQL cannot store. */
export function boundedString(most: number) {
  return z
    .string()
    .max(most, `Must be at most ${most.toLocaleString('en')} characters long.`)
    .refine((given) => !given.includes('\0'), because('INVALID_CHARACTER'));
}

/** The form of an id. The service checks whether the object exists. */
export const idString = boundedString(100);

/** The key that a client sends with each retry of a mutation. */
export const idempotencyKeyString = z
  .string()
  .regex(/^[\x20-\x7e]{16,128}$/, 'Must consist of 16 to 128 printable ASCII characters.');

/** A bounded string that is not blank. */
export function filledString(most: number) {
  return boundedString(most).refine((given) => /\S/.test(given), because('BLANK'));
}
