import type { FastifyRequest } from 'fastify';
import type { Authenticate } from '../sessions/authentication.js';
import type { AuthenticatedViewer, Viewer } from '../sessions/viewer.js';
import { Failure } from '../shared/failure.js';
import { originOf, type Origin } from '../shared/origin.js';

/** What every resolver knows of the request. */
export interface GraphContext {
  readonly viewer: Viewer;
  readonly origin: Origin;
  /** Names the request in the log. */
  readonly requestId: string;
}

/** Builds the context of a request from its HTTP headers. It never fails, whatever the Authorization header holds. */
export function contextOf(authenticate: Authenticate): (request: FastifyRequest) => Promise<GraphContext> {
  return async (request) => {
    const viewer = await authenticate(request.headers.authorization);
    // Held by the request too, so that the access log can say whose it was.
    request.viewer = viewer;
    return {
      viewer,
      origin: originOf(request.ip, request.headers['user-agent']),
      requestId: request.id,
    };
  };
}

/**
 * The viewer of a protected field.
 * @throws Failure the reason why there is none: TOKEN_MISSING, TOKEN_EXPIRED and so on, or SERVICE_UNAVAILABLE
 */
export function authenticatedViewer({ viewer }: Pick<GraphContext, 'viewer'>): AuthenticatedViewer {
  switch (viewer.state) {
    case 'authenticated':
      return viewer;
    case 'anonymous':
      throw new Failure('TOKEN_MISSING');
    case 'rejected':
      throw new Failure(viewer.reason);
    case 'unchecked':
      throw new Failure('SERVICE_UNAVAILABLE', { cause: viewer.cause });
  }
}

/** The account that asks for a protected field. @throws Failure as `authenticatedViewer` */
export function accountOf(context: Pick<GraphContext, 'viewer'>): string {
  return authenticatedViewer(context).accountId;
}
