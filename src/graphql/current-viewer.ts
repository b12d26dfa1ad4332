import { createParameterDecorator } from 'type-graphql';
import { rejectionOf } from '../tokens/viewer.js';
import type { GraphContext } from './context.js';

/**
 * Passes the `AuthenticatedViewer` to a resolver. Without one, the resolver does not run: the field fails with
 * UNAUTHENTICATED, or with SERVICE_UNAVAILABLE if the database does not respond.
 */
export function CurrentViewer(): ReturnType<typeof createParameterDecorator> {
  return createParameterDecorator<GraphContext>(({ context: { viewer } }) => {
    if (viewer.state === 'authenticated') return viewer;
    throw rejectionOf(viewer);
  });
}
