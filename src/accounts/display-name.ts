export const MOST_DISPLAY_NAME_LENGTH = 100;

/**
 * Control characters, and characters that change the direction of the text around them (Unicode's Bidi_Control), with
 * which a name can look like another one.
 */
const FORBIDDEN = /[\p{Cc}\p{Bidi_Control}]/u;

export function hasForbiddenCharacter(displayName: string): boolean {
  return FORBIDDEN.test(displayName);
}
