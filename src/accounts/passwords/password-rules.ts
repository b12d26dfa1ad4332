import type { FieldError } from '../../errors/field-errors.js';

/** NIST SP 800-63B-4 §3.1.1.2: at least 15 characters if the password is the only factor. */
const LEAST_LENGTH = 15;
export const MOST_PASSWORD_LENGTH = 256;
/** NFC composes at most four UTF-16 code units into one character, for example U+1F82. */
const MOST_CODE_UNITS = 4 * MOST_PASSWORD_LENGTH;

/** Frequent long passwords, in lower case and without spaces and punctuation. */
const COMMON_PHRASES = new Set([
  '012345678901234',
  '0123456789abcdef',
  '123456789012345',
  '1234567890123456',
  '123456789101112',
  '1q2w3e4r5t6y7u8i',
  '1qaz2wsx3edc4rfv',
  'abcdefghijklmno',
  'abcdefghijklmnop',
  'abcdefghijklmnopqrstuvwxyz',
  'administrator123',
  'administratorpassword',
  'changemechangeme',
  'changethispassword',
  'iloveyousomuch',
  'letmeinletmein1',
  'mynameisnobody',
  'mypasswordispassword',
  'password12345678',
  'password123456789',
  'password1234567',
  'passwordpassword1',
  'passwordpassword123',
  'qwertyuiop12345',
  'qwertyuiop123456',
  'qwertyuiopasdfgh',
  'qwertyuiopasdfghjkl',
  'qwertyuiopasdfghjklzxcvbnm',
  'tandempassword1',
  'thisisapassword',
  'thisismypassword',
  'trustno1trustno1',
  'welcometotandem',
  'welcomewelcome1',
]);
const REPETITION = /^(.{1,8}?)\1+$/s;

/** Why a new password is rejected, as a reason and a sentence that does not repeat the password. */
export type PasswordProblem = Pick<FieldError, 'reason' | 'message'>;

/**
 * The problem of a new password; `undefined` if it is accepted. There are no composition rules (NIST SP 800-63B-4
 * §3.1.1.2).
 */
export function passwordProblem(password: string, email: string): PasswordProblem | undefined {
  if (isPasswordTooLong(password)) return problem('TOO_LONG', `must have at most ${MOST_PASSWORD_LENGTH} characters`);
  if (!/\S/.test(password)) return problem('BLANK', 'must not be blank');
  if (passwordLength(password) < LEAST_LENGTH) {
    return problem('TOO_SHORT', `must have at least ${LEAST_LENGTH} characters`);
  }
  const bare = withoutDecoration(password);
  if (bare === withoutDecoration(email)) return problem('EASY_TO_GUESS', 'must not be the e-mail address');
  if (COMMON_PHRASES.has(bare) || REPETITION.test(bare)) return problem('EASY_TO_GUESS', 'is too easy to guess');
  return undefined;
}

function problem(reason: FieldError['reason'], predicate: string): PasswordProblem {
  return { reason, message: `The password ${predicate}.` };
}

/**
 * Whether a password has more than 256 characters after NFC. The time of NFC grows with the square of the number of
 * combining marks, so a password that cannot be short enough is rejected before NFC.
 */
export function isPasswordTooLong(password: string): boolean {
  return password.length > MOST_CODE_UNITS || passwordLength(password) > MOST_PASSWORD_LENGTH;
}

/** In code points after NFC (NIST SP 800-63B-4 §3.1.1.2): an emoji is one, and so is a letter with its accent. */
function passwordLength(password: string): number {
  return [...password.normalize('NFC')].length;
}

function withoutDecoration(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}\p{S}]/gu, '');
}
