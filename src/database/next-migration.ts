import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMigrationFolder } from './migration-folder.js';
import { schemaChanges } from './schema-engine.js';

export type NextMigration = {
  folderPath: string;
  schemaPath: string;
  /** Lower-case words joined by underscores. */
  name: string;
  now: Date;
};

/** Writes the migration that takes the folder's last one to the schema, and returns its directory; nothing when they are equal. */
export async function writeNextMigration(next: NextMigration): Promise<string | undefined> {
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(next.name)) {
    throw new Error('A migration is named in lower-case words joined by underscores, such as add_post_tags.');
  }
  const folder = readMigrationFolder(next.folderPath);
  const sql = await schemaChanges(folder, next.schemaPath);
  if (sql === undefined) return undefined;

  // Prisma applies migrations in the order of their names.
  const directoryName = `${utcTimestamp(next.now)}_${next.name}`;
  const last = folder.migrations.at(-1);
  if (last !== undefined && last.name >= directoryName) {
    throw new Error(`The last migration, ${last.name}, is dated later than this one would be. Check the clock.`);
  }
  const directory = join(next.folderPath, directoryName);
  mkdirSync(directory);
  writeFileSync(join(directory, 'migration.sql'), sql);
  return directory;
}

/** `20261122093000`, as Prisma dates its migrations. */
function utcTimestamp(date: Date): string {
  return date.toISOString().replace(/\D/g, '').slice(0, 14);
}
