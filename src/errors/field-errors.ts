import type { FieldErrorReason } from './error-codes.js';

/** What is wrong with one input field. */
export interface FieldError {
  /** The argument and the names below it, such as `['input', 'email']`. */
  readonly path: readonly string[];
  readonly reason: `${FieldErrorReason}`;
  /** A sentence for the user, which never repeats the value. */
  readonly message: string;
}

/** The message of a reason, unless a rule has a more exact one. */
export const FIELD_MESSAGES: Readonly<Record<FieldError['reason'], string>> = {
  REQUIRED: 'Enter a value.',
  WRONG_TYPE: 'This value has the wrong type.',
  UNKNOWN_FIELD: 'This object has an unknown field.',
  NOT_ACCEPTED: 'This server does not accept this field.',
  BLANK: 'Must not be blank.',
  TOO_SHORT: 'This text is too short.',
  TOO_LONG: 'This text is too long.',
  OUT_OF_RANGE: 'This number is too small or too large.',
  INVALID_CHARACTER: 'Must not contain the character U+0000.',
  INVALID_FORMAT: 'This text does not have the required form.',
  INVALID_CURSOR: 'Must be a cursor of this list, as found in edges and pageInfo.',
  MUTUALLY_EXCLUSIVE: 'Send only one of these arguments.',
  WRONG_PASSWORD: 'This is not your current password.',
  EASY_TO_GUESS: 'This password is too easy to guess.',
  BREACHED: 'This password is in a public list of stolen passwords.',
  KEY_ALREADY_USED: 'This key was sent with another input before.',
};
