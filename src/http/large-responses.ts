import type { FastifyInstance, FastifyReply } from 'fastify';
import { ERROR_TABLE, MAX_RESPONSE_BYTES } from '../errors/error-table.js';
import { Failure } from '../errors/failure.js';
import { publicError } from '../errors/public-error.js';

/** Smaller responses fit into the buffers of the operating system. */
const SMALL_CHARACTERS = 64_000;

/** A process keeps a large response until its client has read it. */
export interface ResponseTimeouts {
  /** How long a client may read nothing. */
  readonly idleMs: number;
  /** How long a client may take in total. */
  readonly totalMs: number;
}

/** Rejects responses that are too large, and disconnects clients that do not read large ones in time. */
export function largeResponses(server: FastifyInstance, timeouts: ResponseTimeouts): void {
  server.addHook('onSend', (request, reply, payload, done) => {
    if (typeof payload !== 'string' || payload.length <= SMALL_CHARACTERS) return done();
    // A buffer is sent without a copy. For a string, memory would hold the string and its encoded copy.
    const bytes = Buffer.from(payload);
    if (bytes.length > MAX_RESPONSE_BYTES) {
      const { code, reason, status } = ERROR_TABLE.RESPONSE_TOO_LARGE;
      request.outcome = { ...request.outcome, code, reason };
      void reply.code(status);
      return done(null, `${JSON.stringify({ errors: [publicError(new Failure('RESPONSE_TOO_LARGE'))] })}\n`);
    }
    limitTime(reply, timeouts);
    done(null, bytes);
  });
}

/** Node's timeout of a socket is for inactivity: it starts again whenever the client has read something. */
function limitTime({ raw }: FastifyReply, { idleMs, totalMs }: ResponseTimeouts): void {
  // Node resets it with the next request, and destroys a socket whose timeout nobody handles.
  raw.socket?.setTimeout(idleMs);
  const timer = setTimeout(() => raw.destroy(), totalMs).unref();
  raw.once('close', () => clearTimeout(timer));
}
