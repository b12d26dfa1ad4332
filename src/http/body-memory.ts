import type { FastifyInstance, FastifyRequest } from 'fastify';
import { clientNetwork } from '../limits/client-network.js';
import type { Logger } from '../shared/logger.js';
import { clientAddress } from './client-address.js';
import { memoryShares } from './memory-shares.js';
import { rejectionLog } from './rejection-log.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The memory that the body holds. Undefined: the body is small. */
    heldMemory: HeldMemory | undefined;
  }
}

interface HeldMemory {
  readonly network: string;
  bytes: number;
}

/** Makes a request hold so many bytes in all, until its response. False: the process has no memory for them. */
export type HoldMemory = (request: FastifyRequest, bytes: number) => boolean;

/** The memory of large bodies, from their arrival until the response. */
export function bodyMemory(server: FastifyInstance, maxBytes: number, logger: Logger): HoldMemory {
  const shares = memoryShares(maxBytes);
  const logRejection = rejectionLog(
    logger,
    { event: 'http.bodies_rejected', setting: 'BODY_MEMORY_BYTES' },
    'no memory for large bodies: rejecting them with 503',
  );
  server.decorateRequest('heldMemory', undefined);
  // Each request gets a response, also one whose client has disconnected.
  server.addHook('onSend', (request, _reply, _payload, done) => {
    if (request.heldMemory) release(request, request.heldMemory);
    done();
  });

  return (request, bytes) => {
    const held = (request.heldMemory ??= { network: clientNetwork(clientAddress(request)), bytes: 0 });
    if (!shares.take(held.network, bytes - held.bytes)) {
      release(request, held);
      logRejection(held.network);
      return false;
    }
    held.bytes = bytes;
    return true;
  };

  function release(request: FastifyRequest, { network, bytes }: HeldMemory): void {
    request.heldMemory = undefined;
    request.body = undefined; // a client that does not read its response keeps the request
    shares.giveBack(network, bytes);
  }
}
