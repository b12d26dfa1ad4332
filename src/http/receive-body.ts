import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Failure } from '../errors/failure.js';
import { overloaded } from '../errors/overloaded.js';
import { MAX_BODY_CHUNKS, SMALL_BODY_BYTES } from './body-limits.js';
import type { HoldMemory } from './body-memory.js';
import { discardBody } from './discard-body.js';

/** Collects the body of a request. */
export type ReceiveBody = (
  request: FastifyRequest,
  payload: Readable,
  done: (error: Error | null, body?: Buffer) => void,
) => void;

class BodyTooLarge extends Error {
  readonly statusCode = 413;
}

const EMPTY = Buffer.alloc(0);
const TOO_MANY_CHUNKS = `The body must arrive in at most ${MAX_BODY_CHUNKS.toLocaleString('en')} chunks. Send larger ones.`;

/**
 * Collects bodies of up to so many bytes. Fastify keeps each chunk as an object until the end: in chunks of one byte, 16 kB
 * take 4 MB. Here a body is one buffer that grows. Small bodies are always accepted, larger ones while `hold` has memory.
 */
export function bodyReceiver(maxBytes: number, hold?: HoldMemory): ReceiveBody {
  return (request, payload, done) => {
    const declared = request.headers['content-length'];
    const mostBytes = declared === undefined ? maxBytes : Number(declared);
    if (mostBytes > maxBytes) return done(new BodyTooLarge());
    let buffer: Buffer = EMPTY;
    let length = 0;
    let chunks = 0;
    payload.on('data', receive);
    payload.on('end', end);
    payload.on('error', fail);
    payload.resume();

    function receive(chunk: Buffer): void {
      const needed = length + chunk.length;
      if (needed > maxBytes) return fail(new BodyTooLarge());
      if ((chunks += 1) > MAX_BODY_CHUNKS)
        return fail(new Failure('BAD_USER_INPUT', { publicMessage: TOO_MANY_CHUNKS }));
      if (needed > buffer.length) {
        const most = needed > SMALL_BODY_BYTES ? mostBytes : SMALL_BODY_BYTES;
        const capacity = chunks === 1 ? needed : Math.max(needed, Math.min(2 * needed, most));
        if (hold && capacity > SMALL_BODY_BYTES && !hold(request, capacity)) return reject();
        if (chunks === 1) buffer = chunk;
        else buffer = Buffer.concat([buffer.subarray(0, length)], capacity);
      }
      if (chunks > 1) chunk.copy(buffer, length);
      length = needed;
    }

    function end(): void {
      stop();
      done(null, buffer.subarray(0, length));
    }

    function fail(error: Error & { statusCode?: number }): void {
      stop();
      error.statusCode ??= 400; // the client has disconnected
      done(error);
    }

    function reject(): void {
      stop();
      void discardBody(request).then(() => done(overloaded()));
    }

    function stop(): void {
      payload.off('data', receive);
      payload.off('end', end);
      payload.off('error', fail);
    }
  };
}
