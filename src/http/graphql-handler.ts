import { HeaderMap, type ApolloServer, type HTTPGraphQLResponse } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { GraphContext } from '../graphql/context.js';
import type { KnownOperations } from '../api/early-rejection/known-operations.js';
import { earlyRejection, sendRejection } from '../api/early-rejection/early-rejection.js';

/** All the headers that Apollo Server looks at: to tell forged requests of browsers, and to choose the media type. */
const READ_BY_APOLLO = ['content-type', 'x-apollo-operation-name', 'apollo-require-preflight'] as const;
const REMEMBERED_ACCEPTS = 100;

export type GraphHandler = (request: FastifyRequest, reply: FastifyReply) => Promise<string>;

/** Hands requests from Fastify to Apollo Server, and its answers back. No schema of ours answers in parts. */
export function graphqlHandler(
  apollo: ApolloServer<GraphContext>,
  context: (request: FastifyRequest) => Promise<GraphContext>,
  knownOperations: KnownOperations,
): GraphHandler {
  const mediaTypes = new LRUCache<string, string>({ max: REMEMBERED_ACCEPTS });

  return async (request, reply) => {
    const { method, body, url } = request;
    const accept = request.headers.accept;
    // Apollo parses `accept` twice for every request, and clients have few different ones: the choice is remembered.
    const mediaType = method === 'POST' && accept !== undefined ? mediaTypes.get(accept) : undefined;
    const contextValue = await context(request);
    const refusal = mediaType !== undefined && earlyRejection(contextValue.viewer, body, knownOperations);
    if (refusal) return sendRejection(reply, refusal, mediaType);
    const headers = new HeaderMap();
    for (const name of READ_BY_APOLLO) {
      const value = request.headers[name];
      if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
    }
    if (accept !== undefined && mediaType === undefined) headers.set('accept', accept);
    const search = url.includes('?') ? url.slice(url.indexOf('?')) : '';
    const answer = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method, headers, body, search },
      context: async () => contextValue,
    });
    const chosen = answer.headers.get('content-type');
    if (mediaType !== undefined) answer.headers.set('content-type', mediaType);
    else if (method === 'POST' && accept !== undefined && chosen !== undefined && answer.status !== 406) {
      mediaTypes.set(accept, chosen);
    }
    return send(reply, answer);
  };
}

function send(reply: FastifyReply, { status, headers, body }: HTTPGraphQLResponse): string {
  if (body.kind !== 'complete') throw new Error('No operation of this schema is answered in parts.');
  for (const [name, value] of headers) void reply.header(name, value);
  void reply.code(status ?? 200);
  return body.string;
}
