const PATTERNS: readonly [RegExp, string][] = [
  [/\beyJ[\w-]*\.[\w-]*\.?[\w-]*/g, '[auth token]'],
  [/tandem_rt_[\w-]*/g, '[refresh token]'],
  [/tandem_ot_[\w-]*/g, '[one-time token]'],
  [/tandem_su_[\w-]*/g, '[continuation]'],
  [/\$argon2\w*\$[^\s"']*/g, '[password hash]'],
  [/\/\/[^\s/@:]*:[^\s/@]*@/g, '//[credentials]@'],
];

/** Replaces tokens, password hashes and credentials in URLs. */
export function redact(text: string): string {
  return PATTERNS.reduce((cleaned, [pattern, name]) => cleaned.replace(pattern, name), text);
}
