import { once } from 'node:events';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MAX_BODY_CHUNKS } from './body-limits.js';

const DISCARD_MS = 3000;
/** Fastify does not parse the bodies of these requests: they have no meaning (RFC 9110 §9.3). */
const METHODS_WITHOUT_BODY = new Set(['GET', 'HEAD', 'TRACE']);

/**
 * Discards bodies that no route reads, while they arrive. Node would keep 16 kB of each until the response: in chunks of one
 * byte, they take 4 MB.
 */
export function discardUnreadBodies(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    if (METHODS_WITHOUT_BODY.has(request.method) && hasBody(request)) ignoreBody(request);
    done();
  });
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/** Discards a body while it arrives. A connection that sends too many chunks is closed, because each takes processor time. */
export function ignoreBody({ raw }: FastifyRequest): void {
  let chunks = 0;
  raw.on('data', () => {
    if ((chunks += 1) > MAX_BODY_CHUNKS) raw.socket.destroy();
  });
}

/**
 * Reads and discards the rest of a body, for a bounded time. If the server closed the connection at once, the client
 * would get a reset instead of the response (RFC 9112 §9.6).
 */
export async function discardBody({ raw }: FastifyRequest): Promise<void> {
  raw.on('data', ignore); // without a listener, the stream would collect chunks
  raw.resume();
  if (raw.readableEnded || raw.destroyed) return;
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), DISCARD_MS).unref();
  await once(raw, 'end', { signal: timeout.signal }).catch(() => undefined);
  clearTimeout(timer);
}

function ignore(): void {}
