import { OperatorError } from '../../shared/operator-error.js';

export type MigrationErrorCode =
  /** The database says that a migration began and never finished. */
  | 'FAILED_EARLIER'
  /** The database has migrations that this version does not. */
  | 'UNKNOWN_MIGRATIONS'
  /** A migration failed now, and was undone. */
  | 'FAILED'
  /** Another process kept the database locked. */
  | 'LOCKED';

/** The server cannot start on this database. The message says what to do, and holds no values from it. */
export class MigrationError extends OperatorError {
  override readonly name = 'MigrationError';
  readonly code: MigrationErrorCode;

  constructor(code: MigrationErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
