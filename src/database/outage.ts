import { isDriverAdapterError } from '@prisma/driver-adapter-utils';
import { Prisma } from './generated/client.js';

/** Prisma's codes for a database that cannot be reached, is too slow, has no connection left or lacks its tables. */
const OUTAGE_CODES = new Set([
  'P1000',
  'P1001',
  'P1002',
  'P1003',
  'P1008',
  'P1011',
  'P1017',
  'P2021',
  'P2022',
  'P2024',
  'P2028',
  'P2034',
  'P2037',
]);
/** The same outages as driver adapters name them: for raw statements, Prisma reports only P2010. */
const OUTAGE_KINDS = new Set([
  'DatabaseNotReachable',
  'DatabaseDoesNotExist',
  'DatabaseAccessDenied',
  'AuthenticationFailed',
  'ConnectionClosed',
  'TlsConnectionError',
  'TooManyConnections',
  'SocketTimeout',
  'TransactionWriteConflict',
  'TableDoesNotExist',
  'ColumnNotFound',
]);
/** SQLite's error codes for a failing disk or file. */
const SQLITE_OUTAGE = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|CORRUPT|NOTADB|NOMEM|PROTOCOL)/;

/**
 * PostgreSQL's SQLSTATE classes and codes for outages: connection, invalid transaction state, authorization, unknown
 * database, missing privilege, rollback, resources, object state, operator intervention (also `statement_timeout`),
 * system and internal errors.
 */
const POSTGRES_OUTAGE = /^(08|25|28|3D|42501|40|53|55|57|58|XX)/;

/** Whether the error is an outage of the database: the request may be valid, and the client should retry. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof Prisma.PrismaClientInitializationError) return true;
  if (isDriverAdapterError(error)) {
    const { kind, originalCode = '' } = error.cause;
    return OUTAGE_KINDS.has(kind) || (kind === 'postgres' ? POSTGRES_OUTAGE : SQLITE_OUTAGE).test(originalCode);
  }
  if (error instanceof Prisma.PrismaClientKnownRequestError) {
    // While Prisma connects, it uses the driver's code as its own.
    return (
      OUTAGE_CODES.has(error.code) || SQLITE_OUTAGE.test(error.code) || isOutage(error.meta?.['driverAdapterError'])
    );
  }
  return isOutage(error.cause);
}

/** Whether PostgreSQL canceled the statement, because it took too long. */
export function isStatementTimeout(error: unknown): boolean {
  if (isDriverAdapterError(error)) return error.cause.originalCode === '57014';
  return (
    error instanceof Prisma.PrismaClientKnownRequestError && isStatementTimeout(error.meta?.['driverAdapterError'])
  );
}
