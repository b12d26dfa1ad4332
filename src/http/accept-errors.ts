import type { FastifyInstance } from 'fastify';
import type { Logger } from '../shared/logger.js';

const LOG_EVERY_MS = 60_000;

/**
 * Logs at most once a minute that connections could not be accepted, such as for want of file descriptors. The error event of
 * a server that listens would end the process without a listener, and Fastify's listener closes its other addresses.
 */
export function logAcceptErrors(server: FastifyInstance, logger: Logger): void {
  let nextAt = 0;
  server.addHook('onListen', (done) => {
    server.server.removeAllListeners('error').on('error', (error) => {
      if (performance.now() < nextAt) return;
      nextAt = performance.now() + LOG_EVERY_MS;
      logger.error({ event: 'http.accept_failed', err: error }, 'a connection could not be accepted');
    });
    done();
  });
}

/** A connection could not be accepted, such as for want of file descriptors. */
export function isAcceptError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'accept';
}
