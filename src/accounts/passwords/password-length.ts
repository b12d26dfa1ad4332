/** NIST SP 800-63B-4 §3.1.1.2: at least 15 characters if the password is the only factor. */
export const LEAST_PASSWORD_LENGTH = 15;
export const MOST_PASSWORD_LENGTH = 256;
/** NFC composes at most four UTF-16 code units into one character, for example U+1F82. */
const MOST_CODE_UNITS = 4 * MOST_PASSWORD_LENGTH;

/**
 * Whether a password has more than 256 characters after NFC. The time of NFC grows with the square of the number of
 * combining marks, so a password that cannot be short enough is rejected before NFC.
 */
export function isPasswordTooLong(password: string): boolean {
  return password.length > MOST_CODE_UNITS || passwordLength(password) > MOST_PASSWORD_LENGTH;
}

/** In code points after NFC (NIST SP 800-63B-4 §3.1.1.2): an emoji is one, and so is a letter with its accent. */
export function passwordLength(password: string): number {
  return [...password.normalize('NFC')].length;
}
