import type { FastifyRequest } from 'fastify';
import type { Authenticate } from '../authentication/bearer-authentication.js';
import type { GraphContext } from '../graphql/context.js';
import { clientInfoOf } from '../shared/client-info.js';

/** Builds the GraphQL context of a request from its HTTP headers. Never throws, whatever the Authorization header holds. */
export function contextOf(authenticate: Authenticate): (request: FastifyRequest) => Promise<GraphContext> {
  return async (request) => {
    const viewer = await authenticate(request.headers.authorization);
    request.viewer = viewer; // for the access log
    return { viewer, clientInfo: clientInfoOf(request.ip, request.headers['user-agent']), requestId: request.id };
  };
}
