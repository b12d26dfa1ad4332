import { OperatorError } from '../shared/operator-error.js';

/** The arguments of a command are wrong. The message says what to do. */
export class UsageError extends OperatorError {
  override readonly name = 'UsageError';
}
