import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import { MigrationError } from './migration-error.js';
import { isBusy, whileBusy } from '../sqlite/sqlite-busy.js';

/**
 * Runs `work` as the only writer and as one transaction: when it fails, or the process dies, the database is as it was.
 * Afterwards the connection is good for closing only.
 *
 * Foreign keys are off meanwhile and checked at the end, which is how SQLite wants tables changed
 * (sqlite.org/lang_altertable.html §7); inside a transaction a migration could not switch them off itself.
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
    `The migrations would leave rows that refer to nothing, in ${tables.join(', ')}, so they were undone. Mend their SQL or the rows.`,
  );
}
