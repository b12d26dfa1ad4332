import type { FastifyInstance } from 'fastify';

/**
 * `/healthz`: the process responds. `/readyz`, for load balancers: the process can serve; 503 while the database does not
 * respond, and as soon as shutdown begins.
 */
export function healthRoutes(server: FastifyInstance, isReady: () => Promise<boolean>): void {
  server.get('/healthz', async () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    const ready = await isReady();
    void reply.code(ready ? 200 : 503).header('cache-control', 'no-store');
    return { status: ready ? 'ready' : 'unavailable' };
  });
}
