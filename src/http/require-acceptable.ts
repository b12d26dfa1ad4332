import type { preHandlerHookHandler } from 'fastify';
import { refuse } from './json-errors.js';
import { acceptsGraphQL } from './media-type.js';

/**
 * Rejects a request whose client accepts no media type of GraphQL responses. Apollo Server checks that only after the
 * operation, when a mutation has taken effect. If a page is served, browsers get it at the same path.
 */
export function requireAcceptable(hasPage: boolean): preHandlerHookHandler {
  return ({ method, headers: { accept } }, reply, done) => {
    const isForPage = hasPage && method === 'GET' && /text\/html/.test(accept ?? '');
    if (isForPage || acceptsGraphQL(accept)) done();
    else refuse(reply, 406);
  };
}
