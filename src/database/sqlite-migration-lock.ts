import { setTimeout as delay } from 'node:timers/promises';
import { isDriverAdapterError } from '@prisma/driver-adapter-utils';
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import { MigrationError } from './migration-error.js';

const RETRY_MS = 20;

/**
 * Runs `work` as the only writer and as one transaction: when it fails, or the process dies, the database is as it was.
 * Afterwards the connection is good for closing only.
 *
 * Foreign keys are off meanwhile and checked at the end, which is how SQLite wants tables changed
 * (sqlite.org/lang_altertable.html §7); inside a transaction a migration could not switch them off itself.
 */
export async function asOnlyWriter<Result>(
  connection: SqlDriverAdapter,
  lockTimeoutMs: number,
  work: () => Promise<Result>,
): Promise<Result> {
  // SQLite's own waiting would block this thread, in which the other writer may be running.
  await connection.executeScript('PRAGMA busy_timeout = 0; PRAGMA foreign_keys = OFF');
  await begin(connection, performance.now() + lockTimeoutMs);
  try {
    const result = await work();
    await refuseBrokenReferences(connection);
    await connection.executeScript('COMMIT');
    return result;
  } catch (error) {
    await connection.executeScript('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function begin(connection: SqlDriverAdapter, deadlineMs: number): Promise<void> {
  for (;;) {
    try {
      return await connection.executeScript('BEGIN IMMEDIATE');
    } catch (error) {
      if (!isDriverAdapterError(error) || error.cause.kind !== 'SocketTimeout') throw error;
      if (performance.now() >= deadlineMs) {
        throw new MigrationError(
          'LOCKED',
          'Another process is writing to the database, so it could not be migrated. Stop that process, or try again.',
          { cause: error },
        );
      }
    }
    await delay(RETRY_MS);
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
