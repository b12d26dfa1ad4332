import { Failure, type FailureKind } from './failure.js';
import { FIELD_MESSAGES, type FieldError } from './field-errors.js';

/** A field error, with the message of its reason by default. */
export type FieldProblem = Omit<FieldError, 'message'> & { readonly message?: string };

/**
 * The failure for invalid input, with all its problems:
 * `throw invalidInput([{ path: ['input', 'title'], reason: 'BLANK' }])`.
 */
export function invalidInput(problems: readonly FieldProblem[], kind: FailureKind = 'BAD_USER_INPUT'): Failure {
  const fields = problems.map(({ path, reason, message = FIELD_MESSAGES[reason] }) => ({ path, reason, message }));
  const publicMessage = fields.map(({ path, message }) => `${path.join('.')}: ${message}`).join(' ');
  return new Failure(kind, { publicMessage, fields });
}
