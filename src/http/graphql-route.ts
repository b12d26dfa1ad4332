import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyRequest, preHandlerHookHandler } from 'fastify';
import type { EarlyRejection } from '../api/early-rejection/early-rejection.js';
import type { Authenticate } from '../authentication/bearer-authentication.js';
import { ErrorCode } from '../errors/error-codes.js';
import { Failure } from '../errors/failure.js';
import type { GraphContext } from '../graphql/context.js';
import { hasLongDocument } from './body-limits.js';
import { authenticateRequest, contextOf } from './context.js';
import type { TransportOf } from './cookies/cookie-transport.js';
import { fail, refuse, refuseDocument } from './json-errors.js';
import { withinDeadline } from './operation-deadline.js';
import type { RejectedLogins } from './rejected-logins.js';
import { limitedBody } from './response-bytes.js';
import { PAGE_POLICY } from './security-headers.js';
import {
  duplicateHeader,
  hasTextParameters,
  hasUnsupportedEncoding,
  originCheck,
  withoutEmptyParameters,
} from './request-checks.js';

/** Serves GraphQL over HTTP at /graphql. Responses are never cached: many of them contain tokens. */
export function graphqlRoute(
  server: FastifyInstance,
  apollo: ApolloServer<GraphContext>,
  authenticate: Authenticate,
  { preHandler, onSend }: EarlyRejection,
  rejected: RejectedLogins,
  operationTimeoutMs: number,
  beforeAuthentication: readonly preHandlerHookHandler[] = [],
  transportOf?: TransportOf,
): void {
  const hasValidOrigin = originCheck();
  const handle = fastifyApolloHandler(apollo, {
    context: transportOf
      ? (request, reply) => contextOf(request, transportOf(request, reply))
      : (request) => contextOf(request),
  });
  server.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    exposeHeadRoute: false,
    onRequest(request, reply, done) {
      void reply.header('cache-control', 'no-store');
      // Of the explorer, if it is on.
      if (request.method === 'GET' && /text\/html/.test(request.headers.accept ?? '')) {
        void reply.header('content-security-policy', PAGE_POLICY);
      }
      const duplicate = duplicateHeader(request);
      if (duplicate) fail(reply, duplicateHeaderFailure(duplicate));
      else if (!hasValidOrigin(request)) refuse(reply, 400);
      else if (hasUnsupportedEncoding(request)) refuse(reply.header('accept-encoding', 'identity'), 415);
      else if (request.method === 'GET' && !hasTextParameters(request.url)) fail(reply, notText());
      else {
        if (request.method === 'GET') request.raw.url = withoutEmptyParameters(request.url);
        done();
      }
    },
    preHandler: [
      rejected.preHandler,
      rejectLongDocument,
      ...beforeAuthentication,
      authenticateRequest(authenticate),
      preHandler,
    ],
    onSend: [onSend, rejected.onSend],
    async handler(request, reply) {
      const body = await withinDeadline(
        operationTimeoutMs,
        async (deadline) => {
          request.deadline = deadline;
          return handle.call(server, request, reply);
        },
        () => logTimeout(request),
      );
      return limitedBody(body, reply);
    },
  });
  server.route({
    url: '/graphql',
    method: ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'],
    onRequest: async (_request, reply) => refuse(reply.header('allow', 'GET, POST'), 405),
    handler: async (_request, reply) => refuse(reply, 405),
  });
}

const rejectLongDocument: preHandlerHookHandler = ({ body }, reply, done) => {
  if (hasLongDocument(body)) refuseDocument(reply, ErrorCode.GRAPHQL_PARSE_FAILED);
  else done();
};

function logTimeout({ log, id: requestId, outcome }: FastifyRequest): void {
  log.warn({ event: 'operation.timeout', requestId, operation: outcome?.operation }, 'an operation timed out');
}

function notText(): Failure {
  const publicMessage =
    'The parameters must be percent-encoded UTF-8, and their strings must not contain half of a surrogate pair.';
  return new Failure('BAD_USER_INPUT', { publicMessage });
}

function duplicateHeaderFailure(name: string): Failure {
  const publicMessage = `The request has more than one ${name} header. Send one.`;
  return new Failure('BAD_USER_INPUT', { publicMessage });
}
