import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Logs one line per request: client, path, status, duration. No headers, no body, no query string. */
export function accessLog(server: FastifyInstance): void {
  server.addHook('onResponse', (request, reply, done) => {
    const { id: requestId, method, ip, viewer } = request;
    server.log.info(
      {
        requestId,
        event: 'request',
        method,
        path: pathOf(request),
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime * 10) / 10,
        ipAddress: ip,
        viewer: viewer?.state ?? null,
        ...(viewer && 'accountId' in viewer && { accountId: viewer.accountId }),
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
