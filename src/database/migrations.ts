import { connectionsTo } from './connections.js';
import { migrationPath, readMigrationFolder } from './migration-folder.js';
import { pendingMigrations } from './pending-migrations.js';
import { asOnlyWriter } from './sqlite-migration-lock.js';

export type MigrateOptions = {
  /** As for `openDatabase`. */
  url: string;
  /** Where the migrations are, for a test that brings its own. */
  folderPath?: string;
  /** How long to wait for another process that migrates the same database. */
  lockTimeoutMs?: number;
};

/**
 * Applies what is pending, all of it or nothing, and returns the names applied.
 * Throws a `MigrationError` when the database is in no state to be migrated or a migration fails.
 */
export async function migrate({ url, folderPath, lockTimeoutMs = 30_000 }: MigrateOptions): Promise<string[]> {
  const connections = connectionsTo(url);
  const folder = readMigrationFolder(folderPath ?? migrationPath(connections.provider));
  const connection = await connections.connect();
  try {
    if ((await pendingMigrations(connection, folder.migrations)).length === 0) return [];
    return await asOnlyWriter(connection, lockTimeoutMs, async () => {
      // Another process may have applied them while this one waited.
      if ((await pendingMigrations(connection, folder.migrations)).length === 0) return [];
      // 5 MB of WebAssembly, which most starts have no use for.
      const { applyMigrations } = await import('./schema-engine.js');
      return applyMigrations(connection, folder);
    });
  } finally {
    await connection.dispose();
  }
}
