import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { ErrorCode, Recovery } from '../errors/error-codes.js';
import { publicError, rowOf } from '../errors/public-error.js';
import { ERROR_TABLE, REQUEST_ERROR_CODES } from '../errors/error-table.js';
import { Failure } from '../errors/failure.js';
import { MAX_BODY_BYTES } from './body-limits.js';
import { discardBody } from './discard-body.js';
import { errorMediaType } from './media-type.js';

type RequestError = ReturnType<typeof publicError>;

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'The request or its body is malformed: send valid HTTP/1.1, and a body in JSON.',
  404: 'This path does not exist. The API is at /graphql.',
  405: 'This path does not support the method. The Allow header has those that it supports.',
  406: 'The Accept header must allow application/json or application/graphql-response+json.',
  408: 'The request did not arrive in time. Send it again.',
  413: `The body is too large: the limit is ${MAX_BODY_BYTES.toLocaleString('en')} bytes.`,
  415: 'The body must be uncompressed JSON in UTF-8, with content-type: application/json.',
  431: 'The URL and headers are too long: the limit is 16 KB.',
  503: ERROR_TABLE.SERVICE_UNAVAILABLE.message,
};

/** Responds to every error outside GraphQL in the form of a GraphQL error, as JSON and without a stack trace. */
export function jsonErrors(server: FastifyInstance): void {
  server.setErrorHandler((error: FastifyError | Failure, request, reply) => {
    if (error instanceof Failure) return fail(reply, error);
    const { statusCode = 500 } = error;
    if (statusCode === 413) return discardBody(request).then(() => refuse(reply, 413));
    if (statusCode < 500) return refuse(reply, statusCode);
    if (statusCode === 503) return fail(reply, new Failure('SERVICE_UNAVAILABLE'));
    request.log.error({ requestId: request.id, err: error }, 'a request failed');
    return fail(reply, new Failure('INTERNAL_SERVER_ERROR'));
  });
  server.setNotFoundHandler((request, reply) => {
    const url = request.url.split('?', 1)[0] ?? '';
    const allowed = ['GET', 'HEAD', 'POST'].filter((method) => server.hasRoute({ method, url }));
    return allowed.length > 0 ? refuse(reply.header('allow', allowed.join(', ')), 405) : refuse(reply, 404);
  });
}

/** Rejects a request that is not a GraphQL request. */
export function refuse(reply: FastifyReply, statusCode: number): FastifyReply {
  return send(reply, statusCode, requestError(statusCode));
}

/** The GraphQL error for a request that is not a GraphQL request. */
export function requestError(statusCode: number): RequestError {
  const message = MESSAGES[statusCode] ?? REQUEST_ERROR_CODES.BAD_REQUEST;
  const recovery = statusCode === 408 ? Recovery.RETRY : Recovery.FIX_INPUT;
  return { message, extensions: { code: ErrorCode.BAD_REQUEST, reason: null, recovery } };
}

/**
 * Tells a client of Apollo's protocol that no document has this hash, or that the document is too long, as Apollo Server
 * would. Clients read the code.
 */
export function refuseDocument(
  reply: FastifyReply,
  code: ErrorCode.PERSISTED_QUERY_NOT_FOUND | ErrorCode.GRAPHQL_PARSE_FAILED,
): FastifyReply {
  const extensions = { code, reason: null, recovery: Recovery.FIX_INPUT };
  return send(reply, 400, { message: REQUEST_ERROR_CODES[code], extensions });
}

/** Responds with a failure of the error table. */
export function fail(reply: FastifyReply, failure: Failure): FastifyReply {
  const { status, retryAfterSeconds } = rowOf(failure);
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(retryAfterSeconds));
  return send(reply, status, publicError(failure));
}

function send(reply: FastifyReply, statusCode: number, error: RequestError): FastifyReply {
  const { code, reason } = error.extensions;
  reply.request.outcome = { ...reply.request.outcome, code, reason };
  return reply
    .code(statusCode)
    .header('content-type', errorMediaType(reply.request.headers.accept))
    .header('cache-control', 'no-store')
    .send(JSON.stringify({ errors: [error] }));
}
