import { existsSync } from 'node:fs';
import { OperatorError } from '../shared/operator-error.js';
import { openDatabase, type Database, type DatabaseOptions } from './client.js';
import { requireMigrated } from './migrations/migrations.js';
import { providerOf } from './provider.js';
import { sqliteFilePath } from './sqlite/sqlite-file.js';

/**
 * Opens a database for a command that does not migrate it.
 * @throws OperatorError if there is no such database
 * @throws MigrationError if a migration is pending
 */
export async function openExistingDatabase(options: DatabaseOptions): Promise<Database> {
  requireExistingDatabase(options.url);
  await requireMigrated(options);
  return openDatabase(options);
}

/** Opening a SQLite file that does not exist would create it. @throws OperatorError if it does not exist */
export function requireExistingDatabase(url: string): void {
  if (providerOf(url) === 'sqlite' && !existsSync(sqliteFilePath(url))) {
    throw new OperatorError(`There is no database at ${sqliteFilePath(url)}. Set DATABASE_URL.`);
  }
}
