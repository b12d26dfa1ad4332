import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { EarlyRejection } from '../api/early-rejection/early-rejection.js';
import type { Authenticate } from '../authentication/bearer-authentication.js';
import type { GraphContext } from '../graphql/context.js';
import { authenticateRequest, contextOf } from './context.js';
import { refuse } from './json-errors.js';

const REMEMBERED_HOSTS = 100;
const NOT_UTF8 = /charset\s*=(?!\s*"?utf-?8\b)/i;

/** Serves GraphQL over HTTP at /graphql. Responses are never cached: many of them contain tokens. */
export function graphqlRoute(
  server: FastifyInstance,
  apollo: ApolloServer<GraphContext>,
  authenticate: Authenticate,
  { preHandler, onSend }: EarlyRejection,
): void {
  const hasValidHost = hostCheck();
  server.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    exposeHeadRoute: false,
    onRequest(request, reply, done) {
      void reply.header('cache-control', 'no-store');
      if (!hasValidHost(request)) refuse(reply, 400);
      else if (NOT_UTF8.test(request.headers['content-type'] ?? '')) refuse(reply, 415);
      else done();
    },
    preHandler: [authenticateRequest(authenticate), preHandler],
    onSend,
    handler: fastifyApolloHandler(apollo, { context: contextOf }),
  });
  server.route({
    url: '/graphql',
    method: ['PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'],
    onRequest: async (_request, reply) => refuse(reply.header('allow', 'GET, POST'), 405),
    handler: async (_request, reply) => refuse(reply, 405),
  });
}

/** RFC 9112 §3.2: an invalid Host header is a 400. A server has few names, so valid ones are cached. */
function hostCheck(): (request: FastifyRequest) => boolean {
  const valid = new LRUCache<string, true>({ max: REMEMBERED_HOSTS });
  return ({ hostname }) => {
    if (valid.has(hostname)) return true;
    if (!URL.canParse(`http://${hostname}/`)) return false;
    valid.set(hostname, true);
    return true;
  };
}
