import { isDriverAdapterError } from '@prisma/driver-adapter-utils';
import { Prisma } from './generated/client.js';

/** Whether a statement failed because a foreign key refers to a row that does not exist, or was just deleted. */
export function isMissingReference(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== 'P2003') return false;
  // The SQLite adapter reports errors of triggers under the same code.
  const cause = error.meta?.['driverAdapterError'];
  return !(isDriverAdapterError(cause) && cause.cause.originalCode === 'SQLITE_CONSTRAINT_TRIGGER');
}
