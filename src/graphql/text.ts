import { z } from 'zod';

/** A text of at most so many characters. */
export function text(most: number) {
  return z.string().max(most, `must be at most ${most.toLocaleString('en')} characters long`);
}

/** The same, with something to read in it. */
export function filledText(most: number) {
  return text(most).regex(/\S/, 'must not be blank');
}
