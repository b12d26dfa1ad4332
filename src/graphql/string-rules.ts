import { z } from 'zod';

/** A text of at most so many characters, without U+0000, which PostgreSQL cannot store. */
export function text(most: number) {
  return z
    .string()
    .max(most, `must be at most ${most.toLocaleString('en')} characters long`)
    .refine((given) => !given.includes('\0'), 'must not contain the character U+0000');
}

/** What may be an id; whether there is such a thing is for its room to say. */
export const idText = text(100);

/** The same, with something to read in it. */
export function filledText(most: number) {
  return text(most).regex(/\S/, 'must not be blank');
}
