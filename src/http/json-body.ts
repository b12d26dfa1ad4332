import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../errors/failure.js';
import { hasTooManyValues, MAX_JSON_VALUES } from './body-limits.js';
import type { ReceiveBody } from './receive-body.js';
import { isWellFormed } from './unicode.js';

const NOT_TEXT = 'The body must be UTF-8, and its strings must not contain half of a surrogate pair (RFC 8259 §8.1).';
const TOO_MANY_VALUES = `The body must contain at most ${MAX_JSON_VALUES.toLocaleString('en')} JSON values. Send several requests.`;

/**
 * Parses JSON bodies. Rejects those that take long to parse, and strings that UTF-8 cannot express, because Node would
 * change them silently.
 */
export function jsonBody(server: FastifyInstance, receive: ReceiveBody): void {
  const parse = server.getDefaultJsonParser('remove', 'remove') as (
    request: FastifyRequest,
    body: string,
    done: (error: Error | null, value?: unknown) => void,
  ) => void;
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser('application/json', (request, payload, done) => {
    receive(request, payload, (failure, body) => {
      if (!body) return done(failure);
      if (!isUtf8(body)) return done(badInput(NOT_TEXT));
      if (hasTooManyValues(body)) return done(badInput(TOO_MANY_VALUES));
      const text = body.toString('utf8');
      parse(request, text, (error, value) => {
        if (error || isWellFormed(text)) return done(error, value);
        done(badInput(NOT_TEXT));
      });
    });
  });
}

function badInput(publicMessage: string): Failure {
  return new Failure('BAD_USER_INPUT', { publicMessage });
}
