import { Failure } from '../../errors/failure.js';
import type { Clock } from '../../shared/clock.js';
import type { Logger } from '../../shared/logger.js';
import { documentHash } from './document-hash.js';
import { documentIdOf, type DocumentParameters } from './document-parameters.js';
import { manifestSource } from './manifest-source.js';
import type { TrustedDocumentSettings } from './trusted-document-settings.js';
import { untrustedLog } from './untrusted-log.js';

const MISMATCH =
  'The documentId is not the SHA-256 hash of the query. Send the two that belong together, or one of them.';

export interface TrustedDocuments {
  /** The text to execute for a request with an ID or a text, or why the request is rejected. */
  find(parameters: DocumentParameters): FoundDocument;
  stop(): void;
}

export type FoundDocument =
  /** Neither an ID nor a text, or malformed ones: Apollo Server rejects the request. */
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string; readonly hasId: boolean }
  | { readonly kind: 'rejected'; readonly failure: Failure }
  | { readonly kind: 'persistedQueryNotFound' };

/** Undefined in mode `off`, so that requests cost nothing more. */
export function trustedDocuments(
  { mode, file }: TrustedDocumentSettings,
  clock: Clock,
  logger: Logger,
): TrustedDocuments | undefined {
  if (mode === 'off' || file === undefined) return undefined;
  const manifest = manifestSource(file, logger);
  const logUntrusted = untrustedLog(clock, logger);
  return { find, stop: manifest.stop };

  function find(parameters: DocumentParameters): FoundDocument {
    const given = documentIdOf(parameters);
    const { query } = parameters;
    if (query != null && typeof query !== 'string') return { kind: 'none' };
    const { byId, texts } = manifest.current();
    if (!query) {
      if (!given) return { kind: 'none' };
      const text = byId.get(given.id) ?? (given.isApollo ? byId.get(`sha256:${given.id}`) : undefined);
      if (text !== undefined) return { kind: 'text', text, hasId: true };
      return given.isApollo ? { kind: 'persistedQueryNotFound' } : rejected('DOCUMENT_NOT_TRUSTED');
    }
    if (given && !given.isApollo && given.id.startsWith('sha256:') && given.id !== documentHash(query)) {
      return rejected('BAD_USER_INPUT', MISMATCH);
    }
    if (!texts.has(query)) {
      if (mode === 'strict') return rejected('DOCUMENT_NOT_TRUSTED');
      logUntrusted(query);
    }
    return { kind: 'text', text: query, hasId: given !== undefined };
  }
}

function rejected(kind: 'DOCUMENT_NOT_TRUSTED' | 'BAD_USER_INPUT', publicMessage?: string): FoundDocument {
  return { kind: 'rejected', failure: new Failure(kind, publicMessage === undefined ? {} : { publicMessage }) };
}
