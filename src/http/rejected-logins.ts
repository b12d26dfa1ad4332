import type { FastifyReply, FastifyRequest, preHandlerHookHandler } from 'fastify';
import { loginFieldsIn } from '../api/login-fields.js';
import { isObject } from '../api/trusted-documents/document-parameters.js';
import { Failure } from '../errors/failure.js';
import type { ClientInfo } from '../shared/client-info.js';
import { MAX_DOCUMENT_CHARACTERS } from './body-limits.js';
import { clientInfoOfRequest } from './context.js';

/** Counts an attempt of the client address. */
export type CountSeveralLogins = (clientInfo: ClientInfo) => Promise<void>;

export interface RejectedLogins {
  /** The first one, because large bodies are discarded before the response. */
  readonly preHandler: preHandlerHookHandler;
  readonly onSend: (request: FastifyRequest, reply: FastifyReply, payload: unknown, done: () => void) => void;
}

/**
 * Counts a request that was rejected, whatever the reason, if it contains several logins. The response waits for that, and
 * stays the same if the attempt cannot be counted. A GET does not count: it cannot log in, and a page of another site can
 * send it from the browser of a person.
 */
export function rejectedLogins(count: CountSeveralLogins): RejectedLogins {
  const several = new WeakSet<FastifyRequest>();
  return {
    preHandler(request, _reply, done) {
      if (request.method === 'POST' && hasSeveralLogins(request.body)) several.add(request);
      done();
    },
    onSend(request, { statusCode }, _payload, done) {
      const isRejected = statusCode >= 400 && statusCode < 500 && !request.progress?.isAuthorized;
      if (!isRejected || !several.has(request)) return done();
      count(clientInfoOfRequest(request))
        .catch((error: unknown) => {
          if (error instanceof Failure && error.kind === 'RATE_LIMITED') return;
          request.log.warn({ requestId: request.id, err: error }, 'a rejected login was not counted');
        })
        .finally(done);
    },
  };
}

/** In one document, or in several that were sent as a batch. */
function hasSeveralLogins(body: unknown): boolean {
  const texts = (Array.isArray(body) ? body : [body]).map(documentIn);
  const all = texts.join('\n');
  if (all.indexOf('login') === all.lastIndexOf('login')) return false; // nearly all requests
  let fields = 0;
  let characters = 0;
  for (const text of texts) {
    fields += loginFieldsIn(text.slice(0, MAX_DOCUMENT_CHARACTERS - characters));
    characters += text.length;
    if (fields > 1) return true;
    if (characters >= MAX_DOCUMENT_CHARACTERS) return false;
  }
  return false;
}

function documentIn(parameters: unknown): string {
  return isObject(parameters) && typeof parameters['query'] === 'string' ? parameters['query'] : '';
}
