import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { isPasswordTooLong } from '../../accounts/passwords/password-length.js';
import { invalidInput, type FieldProblem } from '../../errors/invalid-input.js';
import { SMALL_BODY_BYTES } from '../body-limits.js';
import { bodyReceiver } from '../receive-body.js';
import { isPercentEncodedUtf8 } from '../unicode.js';
import type { FieldName } from './account-page.js';

const MOST_CHARACTERS: Readonly<Partial<Record<FieldName, number>>> = {
  token: 2000,
  email: 254,
  code: 32,
  displayName: 200,
};

/** Parses the bodies of forms, and no others. Other routes than those of this server accept no forms. */
export function formBody(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  const receive = bodyReceiver(SMALL_BODY_BYTES); // a password of 1,024 UTF-16 code units has at most 9,216 bytes
  server.addContentTypeParser('application/x-www-form-urlencoded', (request, payload, done) => {
    receive(request, payload, (error, body) => {
      if (!body) return done(error);
      const text = body.toString('utf8');
      // Otherwise a password would be changed silently.
      if (!isUtf8(body) || !isPercentEncodedUtf8(text)) return done(new MalformedForm(400));
      done(null, new URLSearchParams(text));
    });
  });
}

/** A request that is not from a form of the page. */
export class MalformedForm extends Error {
  constructor(readonly statusCode: 400 | 403) {
    super('the request is not from a form of the page');
  }
}

/** The values of these fields, each at least present. @throws Failure BAD_USER_INPUT */
export function filledFields<Name extends FieldName>(
  names: readonly Name[],
  form: URLSearchParams,
): Readonly<Record<Name, string>> {
  const values = names.map((name) => [name, form.get(name) ?? ''] as const);
  const problems = values.flatMap(([name, value]): FieldProblem[] => {
    const reason = problemOf(name, value);
    return reason ? [{ path: ['input', name], reason }] : [];
  });
  if (problems.length > 0) throw invalidInput(problems);
  return Object.fromEntries(values) as Record<Name, string>;
}

function problemOf(name: FieldName, value: string): FieldProblem['reason'] | undefined {
  if (value === '') return 'REQUIRED';
  if (value.includes('\0')) return 'INVALID_CHARACTER';
  const most = MOST_CHARACTERS[name];
  const isTooLong = most === undefined ? isPasswordTooLong(value) : value.length > most;
  return isTooLong ? 'TOO_LONG' : undefined;
}
