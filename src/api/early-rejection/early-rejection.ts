import type { FastifyReply, FastifyRequest, preHandlerHookHandler } from 'fastify';
import { LRUCache } from 'lru-cache';
import { ERROR_TABLE, type ErrorRow } from '../../errors/error-table.js';
import { publicError } from '../../errors/public-error.js';
import { rejectionOf, type Viewer } from '../../tokens/viewer.js';
import type { KnownOperations } from './known-operations.js';

const MAX_MEDIA_TYPES = 100;

export interface EarlyRejection {
  /** Responds to a request for a known operation without a valid auth token exactly as the gate would. */
  readonly preHandler: preHandlerHookHandler;
  /** Learns from Apollo's responses which media type it chooses for which Accept header. */
  readonly onSend: (request: FastifyRequest, reply: FastifyReply, payload: unknown, done: () => void) => void;
}

/** Costs a third of a rejection by the gate, because Apollo neither parses nor validates the request. */
export function earlyRejection(knownOperations: KnownOperations): EarlyRejection {
  const mediaTypes = new LRUCache<string, string>({ max: MAX_MEDIA_TYPES });
  return {
    preHandler(request, reply, done) {
      const mediaType = mediaTypes.get(request.headers.accept ?? '');
      const rejection = mediaType === undefined ? undefined : rejectionFor(request.viewer);
      if (request.method !== 'POST' || !mediaType || !rejection) return done();
      const operation = knownOperations.find(request.body);
      if (!operation) return done();
      const { status, challenge, code, reason } = rejection.row;
      request.outcome = { operation: operation.name, code, reason };
      if (challenge) void reply.header('www-authenticate', challenge);
      void reply.code(status).header('content-type', mediaType).send(rejection.body);
    },
    onSend(request, reply, _payload, done) {
      const mediaType = reply.getHeader('content-type');
      if (request.method === 'POST' && reply.statusCode === 401 && typeof mediaType === 'string') {
        mediaTypes.set(request.headers.accept ?? '', mediaType);
      }
      done();
    },
  };
}

interface Rejection {
  readonly row: ErrorRow;
  readonly body: string;
}

/** One error per reason: creating an error with its stack trace would take a third of the request's time. */
const rejections = new Map<string, Rejection>();

/** Not SERVICE_UNAVAILABLE: Apollo's error response logs the cause of an outage. */
function rejectionFor(viewer: Viewer | undefined): Rejection | undefined {
  if (!viewer || viewer.state === 'authenticated' || viewer.state === 'indeterminate') return undefined;
  const key = viewer.state === 'rejected' ? viewer.reason : viewer.state;
  let rejection = rejections.get(key);
  if (!rejection) {
    const failure = rejectionOf(viewer);
    const body = `${JSON.stringify({ errors: [publicError(failure)] })}\n`;
    rejections.set(key, (rejection = { row: ERROR_TABLE[failure.kind], body }));
  }
  return rejection;
}
