/** The parser rejects a document with more tokens. */
export const MAX_TOKENS = 1000;
