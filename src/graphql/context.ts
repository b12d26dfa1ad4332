import type { AuthenticatedViewer, Viewer } from '../tokens/viewer.js';
import { Failure } from '../errors/failure.js';
import type { ClientInfo } from '../shared/client-info.js';

/** What every resolver knows of the request. */
export interface GraphContext {
  readonly viewer: Viewer;
  readonly clientInfo: ClientInfo;
  /** Names the request in the log. */
  readonly requestId: string;
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
