import type { FastifyInstance, FastifyRequest } from 'fastify';
import { clientAddress } from './client-address.js';
import { traceIdOf } from './request-id.js';

/** Load balancers poll these. */
const HEALTH = new Set(['/healthz', '/readyz']);

/** Logs one line per request: client, operation, result, duration. No headers, no body, no query string. */
export function accessLog(server: FastifyInstance): void {
  server.addHook('onResponse', (request, reply, done) => {
    const { id: requestId, method, viewer, outcome, raw } = request;
    const path = pathOf(request);
    const level = HEALTH.has(path) && reply.statusCode < 400 ? 'debug' : 'info';
    server.log[level](
      {
        requestId,
        traceId: traceIdOf(raw),
        event: 'request',
        method,
        path,
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime * 10) / 10,
        ipAddress: clientAddress(request),
        viewer: viewer?.state ?? null,
        ...(viewer && 'accountId' in viewer && { accountId: viewer.accountId, sessionId: viewer.sessionId }),
        ...outcome,
      },
      'request',
    );
    done();
  });
}

/** The route, or the path without its query string, which may contain secrets. */
function pathOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? request.url.split('?', 1)[0] ?? '';
}
