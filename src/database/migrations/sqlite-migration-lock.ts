import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import { MigrationError } from './migration-error.js';
import { isBusy, whileBusy } from '../sqlite/sqlite-busy.js';

/**
 * Runs `work` as the only writer and as one transaction: if it fails, or the process crashes, the database is unchanged.
 * Afterwards the connection can only be closed.
 *
 * Foreign keys are off meanwhile and are checked at the end, as sqlite.org/lang_altertable.html §7 says. Inside a
 * transaction a migration cannot switch them off.
 */
export async function withSqliteMigrationLock<Result>(
  connection: SqlDriverAdapter,
  lockTimeoutMs: number,
  work: (connection: SqlDriverAdapter) => Promise<Result>,
): Promise<Result> {
  await connection.executeScript('PRAGMA foreign_keys = OFF');
  await begin(connection, performance.now() + lockTimeoutMs);
  try {
    const result = await work(connection);
    await refuseBrokenReferences(connection);
    await connection.executeScript('COMMIT');
    return result;
  } catch (error) {
    await connection.executeScript('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function begin(connection: SqlDriverAdapter, deadlineMs: number): Promise<void> {
  try {
    await whileBusy(deadlineMs, () => connection.executeScript('BEGIN IMMEDIATE'));
  } catch (error) {
    if (!isBusy(error)) throw error;
    throw new MigrationError(
      'LOCKED',
      'Another process is writing to the database, so it could not be migrated. Stop that process, or try again.',
      { cause: error },
    );
  }
}

async function refuseBrokenReferences(connection: SqlDriverAdapter): Promise<void> {
  const { rows } = await connection.queryRaw({ sql: 'PRAGMA foreign_key_check', args: [], argTypes: [] });
  const tables = [...new Set(rows.map(([table]) => String(table)))];
  if (tables.length === 0) return;
  throw new MigrationError(
    'FAILED',
    `The migrations were rolled back, because rows of ${tables.join(', ')} would refer to rows that do not exist. Correct the SQL of the migrations, or the rows.`,
  );
}
