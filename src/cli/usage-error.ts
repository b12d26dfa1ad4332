import { OperatorError } from '../shared/operator-error.js';

/** The operator is at fault, and the message says what to do. */
export class UsageError extends OperatorError {
  override readonly name = 'UsageError';
}
