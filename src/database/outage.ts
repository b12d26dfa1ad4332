import { Prisma } from './generated/client.js';

/** Prisma's codes for a database that cannot be reached, is too slow, or has no connection left. */
const OUTAGE_CODES = new Set([
  'P1000',
  'P1001',
  'P1002',
  'P1003',
  'P1008',
  'P1011',
  'P1017',
  'P2024',
  'P2028',
  'P2034',
  'P2037',
]);
/** SQLite's own words for a disk or file that fails it. */
const SQLITE_OUTAGE = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|CORRUPT|NOTADB|NOMEM|PROTOCOL)/;

/** Whether the database could not do its part: the request may be fine, and must be answered with "try again". */
export function isOutage(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientInitializationError) return true;
  if (error instanceof Prisma.PrismaClientKnownRequestError)
    return OUTAGE_CODES.has(error.code) || isOutage(error.cause);
  if (error instanceof Error) return SQLITE_OUTAGE.test(originalCode(error)) || isOutage(error.cause);
  return false;
}

/** Driver adapters keep the driver's code in `originalCode`, on the error or on its cause. */
function originalCode(error: Error): string {
  const holder = 'originalCode' in error ? error.originalCode : 'code' in error ? error.code : undefined;
  return typeof holder === 'string' ? holder : '';
}
