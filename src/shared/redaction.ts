const PATTERNS: readonly [RegExp, string][] = [
  [/\beyJ[\w-]*\.[\w-]*\.?[\w-]*/g, '[auth token]'],
  [/tandem_rt_[\w-]*/g, '[refresh token]'],
  [/\$argon2\w*\$[^\s"']*/g, '[password hash]'],
  [/\/\/[^\s/@:]*:[^\s/@]*@/g, '//[credentials]@'],
];

/** The text without what looks like a token, a password hash or the credentials of an address. */
export function redact(text: string): string {
  return PATTERNS.reduce((cleaned, [pattern, name]) => cleaned.replace(pattern, name), text);
}
