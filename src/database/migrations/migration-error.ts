import { OperatorError } from '../../shared/operator-error.js';

export type MigrationErrorCode =
  /** A migration began and did not finish. `prisma migrate deploy` leaves such a record. */
  | 'FAILED_EARLIER'
  /** The database has migrations that this version does not know and must not run with. */
  | 'UNKNOWN_MIGRATIONS'
  /** The database lacks migrations, and `MIGRATE_ON_START` is false. */
  | 'PENDING'
  /** A migration failed and was rolled back. */
  | 'FAILED'
  /** Another process kept the database locked. */
  | 'LOCKED';

/** The server cannot start on this database. The message says what to do, and contains no value of the database. */
export class MigrationError extends OperatorError {
  override readonly name = 'MigrationError';
  readonly code: MigrationErrorCode;

  constructor(code: MigrationErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
