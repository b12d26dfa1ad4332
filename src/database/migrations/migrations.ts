import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import { DEFAULT_LIMITS } from '../limits.js';
import { migrationPath, readMigrationFolder } from './migration-folder.js';
import { pendingMigrations } from './pending-migrations.js';
import { connectForMigrations } from '../postgres/postgres-connections.js';
import { withPostgresMigrationLock } from './postgres-migration-lock.js';
import { providerOf, type Provider } from '../provider.js';
import { sqliteConnections } from '../sqlite/sqlite-connections.js';
import { withSqliteMigrationLock } from './sqlite-migration-lock.js';

export type MigrateOptions = {
  /** As for `openDatabase`. */
  url: string;
  /** Where the migrations are, for a test that brings its own. */
  folderPath?: string;
  /** How long to wait for another process that migrates the same database. */
  lockTimeoutMs?: number;
};

/** Runs work alone and as one transaction, after which the connection is good for closing only. */
type Alone = typeof withSqliteMigrationLock;

const DRIVERS: Record<
  Provider,
  { connect(url: string, lockTimeoutMs: number): Promise<SqlDriverAdapter>; alone: Alone }
> = {
  sqlite: { connect: connectForSqliteMigrations, alone: withSqliteMigrationLock },
  postgresql: { connect: (url) => connectForMigrations(url), alone: withPostgresMigrationLock },
};

/**
 * Applies what is pending, all of it or nothing, and returns the names applied.
 * Throws a `MigrationError` when the database is in no state to be migrated or a migration fails.
 */
export async function migrate({ url, folderPath, lockTimeoutMs = 30_000 }: MigrateOptions): Promise<string[]> {
  const provider = providerOf(url);
  const { connect, alone } = DRIVERS[provider];
  const folder = readMigrationFolder(folderPath ?? migrationPath(provider));
  const connection = await connect(url, lockTimeoutMs);
  try {
    if ((await pendingMigrations(connection, folder.migrations)).length === 0) return [];
    return await alone(connection, lockTimeoutMs, async (locked) => {
      // Another process may have applied them while this one waited.
      if ((await pendingMigrations(locked, folder.migrations)).length === 0) return [];
      // 5 MB of WebAssembly, which most starts have no use for.
      const { applyMigrations } = await import('./schema-engine.js');
      return applyMigrations(locked, folder);
    });
  } finally {
    await connection.dispose();
  }
}

function connectForSqliteMigrations(url: string, lockTimeoutMs: number): Promise<SqlDriverAdapter> {
  return sqliteConnections(url, { ...DEFAULT_LIMITS, statementTimeoutMs: lockTimeoutMs }).connect();
}
