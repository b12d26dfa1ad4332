import { isDriverAdapterError } from '@prisma/driver-adapter-utils';
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import { MigrationError } from './migration-error.js';

/** The advisory lock that `prisma migrate deploy` takes too. */
const LOCK = 72_707_369;
/** SQLSTATE lock_not_available: the `lock_timeout` has elapsed. */
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Runs `work` under the migration lock and as one transaction: if it fails, or the process crashes, the database is
 * unchanged. The connection must be a single one. Closing it releases the lock.
 */
export async function withPostgresMigrationLock<Result>(
  connection: SqlDriverAdapter,
  lockTimeoutMs: number,
  work: (connection: SqlDriverAdapter) => Promise<Result>,
): Promise<Result> {
  await connection.executeScript(`SET lock_timeout = ${lockTimeoutMs}`);
  await lock(connection);
  await connection.executeScript('BEGIN');
  try {
    const result = await work(connection);
    await connection.executeScript('COMMIT');
    return result;
  } catch (error) {
    await connection.executeScript('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function lock(connection: SqlDriverAdapter): Promise<void> {
  try {
    await connection.executeScript(`SELECT pg_advisory_lock(${LOCK})`);
  } catch (error) {
    if (!isDriverAdapterError(error) || error.cause.originalCode !== LOCK_NOT_AVAILABLE) throw error;
    throw new MigrationError('LOCKED', 'Another process is migrating the database and has not finished. Try again.', {
      cause: error,
    });
  }
}
