import type { FastifyInstance } from 'fastify';

/** Smaller responses fit into the buffers of the operating system. */
const SMALL_BYTES = 64_000;
const WRITE_TIMEOUT_MS = 20_000;

/** Closes the connection of a client that does not read its response in time: until then the server must keep it. */
export function writeTimeout(server: FastifyInstance, timeoutMs = WRITE_TIMEOUT_MS): void {
  server.addHook('onSend', (_request, reply, payload, done) => {
    if (typeof payload === 'string' && payload.length > SMALL_BYTES) {
      const timer = setTimeout(() => reply.raw.destroy(), timeoutMs).unref();
      reply.raw.once('close', () => clearTimeout(timer));
    }
    done();
  });
}
