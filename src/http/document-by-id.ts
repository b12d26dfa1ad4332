import type { FastifyRequest, preHandlerHookHandler } from 'fastify';
import { isObject, withoutPersistedQuery } from '../api/trusted-documents/document-parameters.js';
import type { TrustedDocuments } from '../api/trusted-documents/trusted-documents.js';
import { ErrorCode } from '../errors/error-codes.js';
import { fail, refuse, refuseDocument } from './json-errors.js';

/** Puts the text of a trusted document in the place of its ID, before anything else reads the request. */
export function documentById(documents: TrustedDocuments): preHandlerHookHandler {
  return (request, reply, done) => {
    // Apollo Server rejects a repetition of the parameters that it knows.
    if (request.method === 'GET' && parametersOf(request.url).getAll('documentId').length > 1) {
      return void refuse(reply, 400);
    }
    const parameters = request.method === 'GET' ? parametersOfUrl(request) : request.body;
    if (!isObject(parameters)) return done();
    const found = documents.find(parameters);
    if (found.kind === 'rejected') return void fail(reply, found.failure);
    if (found.kind === 'persistedQueryNotFound') {
      return void refuseDocument(reply, ErrorCode.PERSISTED_QUERY_NOT_FOUND);
    }
    if (found.kind === 'text' && found.hasId) {
      if (request.method === 'GET') replaceInUrl(request, found.text, parameters['extensions']);
      else request.body = withText(parameters, found.text);
    }
    done();
  };
}

function parametersOfUrl({ url }: FastifyRequest): Record<string, unknown> {
  const given = parametersOf(url);
  return {
    query: given.get('query') ?? undefined,
    documentId: given.get('documentId') ?? undefined,
    extensions: parsed(given.get('extensions')),
  };
}

function replaceInUrl({ raw, url }: FastifyRequest, text: string, extensions: unknown): void {
  const parameters = parametersOf(url);
  // Apollo Server rejects a parameter that is repeated.
  if (!parameters.has('query')) parameters.set('query', text);
  parameters.delete('documentId');
  if (isObject(extensions) && parameters.getAll('extensions').length === 1) {
    const others = withoutPersistedQuery(extensions);
    if (others) parameters.set('extensions', JSON.stringify(others));
    else parameters.delete('extensions');
  }
  raw.url = `${url.split('?', 1)[0] ?? ''}?${parameters}`;
}

/** A new object: one without a deleted property costs more than the text that the ID saves. */
function withText({ operationName, variables, extensions }: Record<string, unknown>, query: string): object {
  const others = isObject(extensions) ? withoutPersistedQuery(extensions) : extensions;
  return {
    query,
    ...(operationName !== undefined && { operationName }),
    ...(variables !== undefined && { variables }),
    ...(others !== undefined && { extensions: others }),
  };
}

function parametersOf(url: string): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : url.slice(start));
}

function parsed(json: string | null): unknown {
  try {
    return json === null ? undefined : JSON.parse(json);
  } catch {
    return undefined; // Apollo Server rejects what is not JSON
  }
}
