import type { FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import type { Authenticate } from '../authentication/bearer-authentication.js';
import type { GraphContext, RequestOutcome, RequestProgress } from '../graphql/context.js';
import { BODY_TRANSPORT, type RefreshTokenTransport } from '../graphql/refresh-token-transport.js';
import { clientInfoOf, type ClientInfo } from '../shared/client-info.js';
import type { Deadline } from '../shared/deadline.js';
import { clientAddress } from './client-address.js';
import type { Viewer } from '../tokens/viewer.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `authenticateRequest` before the GraphQL context is built; the access log reads it too. */
    viewer: Viewer | undefined;
    /** For the access log. */
    outcome: RequestOutcome | undefined;
    /** Set before the GraphQL context is built. */
    deadline: Deadline | undefined;
    /** Undefined if the request did not reach GraphQL. */
    progress: RequestProgress | undefined;
  }
}

/** Turns the Authorization header into a viewer. Never fails, whatever the header contains. */
export function authenticateRequest(authenticate: Authenticate): preHandlerAsyncHookHandler {
  return async (request) => {
    request.viewer = await authenticate(request.headers.authorization);
  };
}

/** The GraphQL context of a request that `authenticateRequest` has handled. */
export async function contextOf(
  request: FastifyRequest,
  refreshTokens: RefreshTokenTransport = BODY_TRANSPORT,
): Promise<GraphContext> {
  const { viewer = { state: 'anonymous' }, deadline } = request;
  if (!deadline) throw new Error('The request has no deadline.');
  return {
    viewer,
    clientInfo: clientInfoOfRequest(request),
    requestId: request.id,
    outcome: (request.outcome = {}),
    deadline,
    refreshTokens,
    isAbandoned: () => deadline.hasPassed || isDisconnected(request),
    progress: (request.progress = { isAuthorized: false }),
  };
}

export function clientInfoOfRequest(request: FastifyRequest): ClientInfo {
  return clientInfoOf(clientAddress(request), request.headers['user-agent'], request.id);
}

/** A client that ends its stream counts as disconnected, as in nginx. */
function isDisconnected({ raw: { socket } }: FastifyRequest): boolean {
  return socket.destroyed || socket.readableEnded;
}
