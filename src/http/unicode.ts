/** An escape of a UTF-16 surrogate: the only way to write half a character into JSON that is valid UTF-8. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;
/** Every escape of JSON, except one of a surrogate that is not part of a pair. */
const CHARACTER_ESCAPES = /\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|[^u]|u(?![dD][89a-fA-F]))/g;

/** Whether all strings of a valid JSON text, which is valid UTF-8, are characters that UTF-8 can express. */
export function isWellFormed(json: string): boolean {
  return !SURROGATE_ESCAPE.test(json) || !json.replace(CHARACTER_ESCAPES, '').includes('\\');
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
