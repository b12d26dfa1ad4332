/** An escape of a UTF-16 surrogate: the only way to write half a character into JSON that is valid UTF-8. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

/** Whether all strings of the value, which was parsed from this JSON text, are characters that UTF-8 can express. */
export function isWellFormed(value: unknown, json: string): boolean {
  return !SURROGATE_ESCAPE.test(json) || hasOnlyCharacters(value);
}

/** Whether the percent-encoded bytes of a query string are UTF-8 (RFC 3986 §2.1, §2.5). Node rejects others than ASCII. */
export function isPercentEncodedUtf8(queryString: string): boolean {
  try {
    decodeURIComponent(queryString);
    return true;
  } catch {
    return false;
  }
}

function hasOnlyCharacters(value: unknown): boolean {
  if (typeof value === 'string') return (value as string & { isWellFormed(): boolean }).isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, member]) => hasOnlyCharacters(name) && hasOnlyCharacters(member));
}
