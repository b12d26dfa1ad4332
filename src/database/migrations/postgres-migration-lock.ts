import { isDriverAdapterError } from '@prisma/driver-adapter-utils';
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import { MigrationError } from './migration-error.js';

/** The lock that Prisma's own migrations take, so that `prisma migrate deploy` and a start exclude each other too. */
const LOCK = 72_707_369;
/** SQLSTATE lock_not_available: what `lock_timeout` ends in. */
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Runs `work` as the only one who migrates and as one transaction: when it fails, or the process dies, the database is
 * as it was. The connection must be a single one. The lock is let go of when it closes.
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
    const result = await work(withSavepoints(connection));
    await connection.executeScript('COMMIT');
    return result;
  } catch (error) {
    await connection.executeScript('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** In a transaction of PostgreSQL one failed statement fails the rest, and the engine asks for what may not be there. */
function withSavepoints(connection: SqlDriverAdapter): SqlDriverAdapter {
  async function attempt<Result>(statement: () => Promise<Result>): Promise<Result> {
    await connection.executeScript('SAVEPOINT attempt');
    try {
      const result = await statement();
      await connection.executeScript('RELEASE attempt');
      return result;
    } catch (error) {
      await connection.executeScript('ROLLBACK TO attempt');
      throw error;
    }
  }

  return {
    ...connection,
    queryRaw: (query) => attempt(() => connection.queryRaw(query)),
    executeRaw: (query) => attempt(() => connection.executeRaw(query)),
    executeScript: (script) => attempt(() => connection.executeScript(script)),
  };
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
