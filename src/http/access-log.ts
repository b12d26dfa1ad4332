import type { FastifyInstance, FastifyRequest } from 'fastify';

/** One line for each request: who, what, with what result, how long. No headers, no body, no query string. */
export function accessLog(server: FastifyInstance): void {
  server.addHook('onResponse', (request, reply, done) => {
    const { id: reqId, method, ip, viewer } = request;
    server.log.info(
      {
        reqId,
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

/** The route, or the path as it was sent: without what follows `?`, where people put what does not belong there. */
function pathOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? request.url.split('?', 1)[0] ?? '';
}
