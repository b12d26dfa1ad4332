/** Twice what the longest text has, 50,000 UTF-16 code units, if a client escapes each of them in 6 bytes. */
export const MAX_BODY_BYTES = 650_000;
/** Bodies of up to this size, such as logins and refreshes, are always accepted; larger ones need BODY_MEMORY_BYTES. */
export const SMALL_BODY_BYTES = 16_384;
/** Each chunk takes a few microseconds, however short. In the shortest TCP segments, a body of 650 kB has 1,300. */
export const MAX_BODY_CHUNKS = 4_000;
/** Parsing more can take longer than 100 ms, and more than 20 MB. The largest operation of the schema has about 30. */
export const MAX_JSON_VALUES = 10_000;
/** The parser limits tokens, but not comments, of which each takes 90 bytes of memory. */
export const MAX_DOCUMENT_CHARACTERS = 100_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const STRUCTURE = new Set(Buffer.from('{[,:'));

/** Whether a request contains a document that is too long to parse. */
export function hasLongDocument(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || !('query' in body)) return false;
  return typeof body.query === 'string' && body.query.length > MAX_DOCUMENT_CHARACTERS;
}

/** Whether a JSON text contains too many values, however they are nested. The text need not be valid. */
export function hasTooManyValues(json: Buffer): boolean {
  if (json.length <= MAX_JSON_VALUES) return false; // each value is preceded by a structural character
  let values = 0;
  let isString = false;
  for (let index = 0; index < json.length; index += 1) {
    const byte = json[index];
    if (byte === QUOTE) isString = !isString;
    else if (byte === BACKSLASH) index += 1;
    else if (!isString && byte !== undefined && STRUCTURE.has(byte) && (values += 1) > MAX_JSON_VALUES) return true;
  }
  return false;
}
