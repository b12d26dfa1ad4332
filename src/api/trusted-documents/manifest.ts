import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { OperatorError } from '../../shared/operator-error.js';
import { documentHash } from './document-hash.js';

/** `generate-persisted-query-manifest` of Apollo. */
const apolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1), body: z.string().min(1) })),
});
/** `persisted-documents.json` of GraphQL Code Generator, and the file of Relay's compiler. */
const textsById = z.record(z.string().min(1), z.string().min(1));

export interface Manifest {
  /** The text of each document, by the manifest's own ID and by its SHA-256 hash. */
  readonly byId: ReadonlyMap<string, string>;
  readonly texts: ReadonlySet<string>;
}

/** @throws OperatorError if the file has no usable manifest */
export function readManifest(file: string): Manifest {
  const documents = parse(read(file), file);
  const byId = new Map<string, string>();
  for (const [, text] of documents) byId.set(documentHash(text), text);
  const ids = new Set<string>();
  for (const [id, text] of documents) {
    const isRepeated = ids.has(id) && byId.get(id) !== text;
    if (isRepeated || (id.startsWith('sha256:') && id !== documentHash(text))) throw unusable(file, problemOf(id));
    ids.add(id);
    byId.set(id, text);
  }
  return { byId, texts: new Set(byId.values()) };
}

function problemOf(id: string): string {
  const name = id.slice(0, 100);
  return id.startsWith('sha256:') ? `${name} is not the hash of its document` : `two documents have the ID ${name}`;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unusable(file, `it cannot be read (${String((error as NodeJS.ErrnoException).code)})`);
  }
}

function parse(content: string, file: string): (readonly [id: string, text: string])[] {
  const json = parseJson(content, file);
  const apollo = apolloManifest.safeParse(json);
  if (apollo.success) return apollo.data.operations.map(({ id, body }) => [id, body]);
  const texts = textsById.safeParse(json);
  const isOtherFormat = typeof json === 'object' && json !== null && 'format' in json;
  if (texts.success && !isOtherFormat) return Object.entries(texts.data);
  throw unusable(
    file,
    'it is neither an Apollo manifest (apollo-persisted-query-manifest, version 1) nor an object of texts by ID',
  );
}

function parseJson(content: string, file: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    throw unusable(file, 'it is not JSON');
  }
}

function unusable(file: string, problem: string): OperatorError {
  return new OperatorError(`The trusted documents ${file} (TRUSTED_DOCUMENTS_FILE) are not usable: ${problem}.`);
}
