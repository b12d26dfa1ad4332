import { isDriverAdapterError } from '@prisma/driver-adapter-utils';
import { Prisma } from './generated/client.js';

/** Whether a statement failed because a foreign key refers to a row that does not exist, or was just deleted. */
export function isMissingReference(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  // Prisma's code is another one for raw statements.
  const reported = error.meta?.['driverAdapterError'];
  if (!isDriverAdapterError(reported)) return false;
  const { kind, originalCode } = reported.cause;
  // The SQLite adapter reports errors of triggers under the same kind.
  return kind === 'ForeignKeyConstraintViolation' && originalCode !== 'SQLITE_CONSTRAINT_TRIGGER';
}
