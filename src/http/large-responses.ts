import type { FastifyInstance, FastifyReply } from 'fastify';

/** Smaller responses fit into the buffers of the operating system. */
export const SMALL_CHARACTERS = 64_000;

/** A process keeps a large response until its client has read it. */
export interface ResponseTimeouts {
  /** How long a client may read nothing. */
  readonly idleMs: number;
  /** How long a client may take in total. */
  readonly totalMs: number;
}

/** Disconnects clients that do not read large responses in time. */
export function largeResponses(server: FastifyInstance, timeouts: ResponseTimeouts): void {
  server.addHook('onSend', (_request, reply, payload, done) => {
    if (typeof payload !== 'string' || payload.length <= SMALL_CHARACTERS) return done();
    limitTime(reply, timeouts);
    // A buffer is sent without a copy. For a string, memory would hold the string and its encoded copy.
    done(null, Buffer.from(payload));
  });
}

/** Node's timeout of a socket is for inactivity: it starts again whenever the client has read something. */
function limitTime({ raw }: FastifyReply, { idleMs, totalMs }: ResponseTimeouts): void {
  // Node resets it with the next request, and destroys a socket whose timeout nobody handles.
  raw.socket?.setTimeout(idleMs);
  const timer = setTimeout(() => raw.destroy(), totalMs).unref();
  raw.once('close', () => clearTimeout(timer));
}
