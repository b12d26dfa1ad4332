/** NIST SP 800-63B-4 §3.1.1.2: at least 15 where the password is the only factor. */
const LEAST_LENGTH = 15;
export const MOST_PASSWORD_LENGTH = 256;

/** What people type when a long password is asked for, without capitals, blanks and punctuation. */
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
const ONE_THING_REPEATED = /^(.{1,8}?)\1+$/s;

/**
 * What is wrong with a new password, as a sentence that does not repeat it; `undefined` when it may be used. Nothing
 * is asked of what it is composed of.
 */
export function passwordProblem(password: string, email: string): string | undefined {
  const length = passwordLength(password);
  if (!/\S/.test(password)) return 'The password must not be blank.';
  if (length < LEAST_LENGTH) return `The password must have at least ${LEAST_LENGTH} characters.`;
  if (length > MOST_PASSWORD_LENGTH) return `The password must have at most ${MOST_PASSWORD_LENGTH} characters.`;
  const bare = withoutDecoration(password);
  if (bare === withoutDecoration(email)) return 'The password must not be the e-mail address.';
  if (COMMON_PHRASES.has(bare) || ONE_THING_REPEATED.test(bare)) return 'This password is too easy to guess.';
  return undefined;
}

/** In characters as people count them: a sign outside the basic plane is one, and so is a letter with its accent. */
export function passwordLength(password: string): number {
  return [...password.normalize('NFC')].length;
}

function withoutDecoration(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}\p{S}]/gu, '');
}
