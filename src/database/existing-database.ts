import { existsSync } from 'node:fs';
import { OperatorError } from '../shared/operator-error.js';
import { openDatabase, type Database, type DatabaseOptions } from './client.js';
import { providerOf } from './provider.js';
import { sqliteFilePath } from './sqlite/sqlite-file.js';

/**
 * Opens a database for a command that only reads. Opening a SQLite file that does not exist would create it.
 * @throws OperatorError if the file does not exist
 */
export function openExistingDatabase(options: DatabaseOptions): Database {
  if (providerOf(options.url) === 'sqlite' && !existsSync(sqliteFilePath(options.url))) {
    throw new OperatorError(`There is no database at ${sqliteFilePath(options.url)}. Set DATABASE_URL.`);
  }
  return openDatabase(options);
}
