import { createHash } from 'node:crypto';

/** The ID of a document by GraphQL over HTTP, appendix "Persisted Documents". */
export function documentHash(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
