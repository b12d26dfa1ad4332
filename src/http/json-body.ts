import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../errors/failure.js';

/** An escape of a UTF-16 surrogate: the only way to write half a character into JSON that is valid UTF-8. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;
const NOT_TEXT = 'The body must be UTF-8, and its strings must not contain half of a surrogate pair (RFC 8259 §8.1).';

/** Parses JSON bodies. Rejects strings that UTF-8 cannot express, because Node would change them silently. */
export function jsonBody(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('remove', 'remove') as (
    request: FastifyRequest,
    body: string,
    done: (error: Error | null, value?: unknown) => void,
  ) => void;
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (!isUtf8(body)) return done(notText());
    const text = body.toString('utf8');
    parse(request, text, (error, value) => {
      if (error || !SURROGATE_ESCAPE.test(text) || isWellFormed(value)) return done(error, value);
      done(notText());
    });
  });
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return (value as string & { isWellFormed(): boolean }).isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, member]) => isWellFormed(name) && isWellFormed(member));
}

function notText(): Failure {
  return new Failure('BAD_USER_INPUT', { publicMessage: NOT_TEXT });
}
