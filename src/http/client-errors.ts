import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { requestError } from './json-errors.js';
import { SECURITY_HEADERS } from './security-headers.js';

/** Responds with a JSON error to bytes that are not an HTTP request, and to requests whose headers are too long. */
export function rejectUnreadable(error: { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  respond(socket, statusOf(error.code));
}

/** Responds to CONNECT, for which Node would close the connection without a response. */
export function rejectTunnels(server: FastifyInstance): void {
  server.server.on('connect', (_request, socket: Socket) => {
    socket.on('error', () => undefined); // Node no longer handles it
    respond(socket, 405, ['allow: GET, HEAD, POST']);
  });
}

function respond(socket: Socket, status: number, headers: readonly string[] = []): void {
  const body = JSON.stringify({ errors: [requestError(status)] });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name}: ${value}`),
    'cache-control: no-store',
    ...headers,
    'connection: close',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}

/** Ignores unknown values of `Expect`, as RFC 9110 §10.1.1 allows. Node's own 417 would have no JSON body and no security headers. */
export function ignoreExpectations(server: FastifyInstance): void {
  server.server.on('checkExpectation', (request, response) => server.routing(request, response));
}

function statusOf(code: string | undefined): number {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return 431;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 408;
    default:
      return 400;
  }
}
