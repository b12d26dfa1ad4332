import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GraphContext } from '../graphql/context.js';
import { refuse } from './json-errors.js';

const NOT_UTF8 = /charset\s*=(?!\s*"?utf-?8\b)/i;

/** Serves GraphQL over HTTP at /graphql. Answers are never stored: many of them hold tokens. */
export function graphqlRoute(
  server: FastifyInstance,
  apollo: ApolloServer<GraphContext>,
  context: (request: FastifyRequest) => Promise<GraphContext>,
): void {
  server.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    exposeHeadRoute: false,
    async onRequest(request, reply) {
      void reply.header('cache-control', 'no-store');
      if (!hasValidHost(request)) return refuse(reply, 400);
      if (NOT_UTF8.test(request.headers['content-type'] ?? '')) return refuse(reply, 415);
    },
    handler: fastifyApolloHandler(apollo, { context }),
  });
  server.route({
    url: '/graphql',
    method: ['PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'],
    onRequest: async (_request, reply) => refuse(reply.header('allow', 'GET, POST'), 405),
    handler: async (_request, reply) => refuse(reply, 405),
  });
}

/** RFC 9112 §3.2 wants 400 for an invalid Host, or X-Forwarded-Host. The handler makes a URL of it. */
function hasValidHost({ protocol, hostname }: FastifyRequest): boolean {
  return URL.canParse(`${protocol}://${hostname}/`);
}
