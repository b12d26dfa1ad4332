import type { FastifyInstance, FastifyReply } from 'fastify';
import { rowOf } from '../errors/public-error.js';
import { overloaded } from '../errors/overloaded.js';
import { publicError } from '../errors/public-error.js';
import { clientNetwork } from '../limits/client-network.js';
import type { Logger } from '../shared/logger.js';
import { clientAddress } from './client-address.js';
import { SMALL_CHARACTERS } from './large-responses.js';
import { memoryShares } from './memory-shares.js';
import { rejectionLog } from './rejection-log.js';

/** Bounds the memory of large responses until their clients have read them. Beyond it, queries get 503. */
export function responseMemory(server: FastifyInstance, maxBytes: number, logger: Logger): void {
  const shares = memoryShares(maxBytes);
  const logRejection = rejectionLog(
    logger,
    { event: 'http.responses_rejected', setting: 'RESPONSE_MEMORY_BYTES' },
    'no memory for responses that clients do not read: rejecting large ones with 503',
  );

  server.addHook('onSend', (request, reply, payload, done) => {
    if (typeof payload !== 'string' || payload.length <= SMALL_CHARACTERS || reply.raw.closed) return done();
    const network = clientNetwork(clientAddress(request));
    const bytes = Buffer.byteLength(payload);
    if (!shares.take(network, bytes)) {
      logRejection(network);
      if (request.deadline?.isOfQuery) return done(null, rejection(reply));
      shares.takeAnyway(network, bytes); // a mutation has taken effect
    }
    reply.raw.once('close', () => shares.giveBack(network, bytes));
    done();
  });
}

/** The body of an error in the place of the response. */
function rejection(reply: FastifyReply): string {
  const failure = overloaded('too many large responses are not read');
  const { code, reason, status, retryAfterSeconds } = rowOf(failure);
  reply.request.outcome = { ...reply.request.outcome, code, reason };
  void reply.code(status).header('retry-after', String(retryAfterSeconds));
  return `${JSON.stringify({ errors: [publicError(failure)] })}\n`;
}
