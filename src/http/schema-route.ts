import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { sendUnlessCached } from './conditional-response.js';

/** Serves schema.graphql, which contains the directives of fields. Introspection does not. */
export function schemaRoute(server: FastifyInstance, schema: GraphQLSchema): void {
  let text: string | undefined;
  server.get('/schema.graphql', async (request, reply) => {
    // Loaded on the first request, because few servers print their schema.
    text ??= (await import('../api/schema-text.js')).schemaText(schema);
    void reply.header('cache-control', 'no-cache');
    return sendUnlessCached(request, reply, 'application/graphql; charset=utf-8', text);
  });
}
