import type { FastifyReply } from 'fastify';
import { ERROR_TABLE, MAX_RESPONSE_BYTES } from '../errors/error-table.js';
import { Failure } from '../errors/failure.js';
import { publicError } from '../errors/public-error.js';

/** The body of a response, or that of an error if it has too many bytes. */
export function limitedBody(body: unknown, reply: FastifyReply): unknown {
  if (typeof body !== 'string' || Buffer.byteLength(body) <= MAX_RESPONSE_BYTES) return body;
  const { code, reason, status } = ERROR_TABLE.RESPONSE_TOO_LARGE;
  reply.request.outcome = { ...reply.request.outcome, code, reason };
  void reply.code(status);
  return `${JSON.stringify({ errors: [publicError(new Failure('RESPONSE_TOO_LARGE'))] })}\n`;
}
