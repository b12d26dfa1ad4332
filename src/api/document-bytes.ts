import type { DocumentNode } from 'graphql';

/** Of a node as JSON, which omits its methods and most of its location. */
const BYTES_PER_JSON_CHARACTER = 5;
const BYTES_PER_TOKEN = 100;

/** The approximate memory of a parsed document. Its location refers to the text and to all tokens, comments included. */
export function documentBytes(document: DocumentNode): number {
  const { loc } = document;
  let tokens = 0;
  for (let token = loc?.startToken ?? null; token; token = token.next) tokens += 1;
  const textBytes = 2 * (loc?.source.body.length ?? 0);
  return JSON.stringify(document).length * BYTES_PER_JSON_CHARACTER + tokens * BYTES_PER_TOKEN + textBytes;
}
