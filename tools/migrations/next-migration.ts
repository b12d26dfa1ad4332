import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { readMigrations } from '../../src/database/migrations/migration-folder.js';
import { schemaChanges } from './schema-engine.js';

/** The migrations of one provider, and a scratch database to replay them on. */
export type MigrationSource = {
  folderPath: string;
  schemaPath: string;
  scratch: SqlMigrationAwareDriverAdapterFactory;
};

export type NextMigration = {
  /** All providers at once, so that either all folders are written or none. */
  sources: readonly MigrationSource[];
  /** Lower-case words joined by underscores. */
  name: string;
  now: Date;
};

/** Writes into each folder the migration from its last state to the schema. Resolves to the directories written. */
export async function writeNextMigration({ sources, name, now }: NextMigration): Promise<string[]> {
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) {
    throw new Error(
      'The name of a migration consists of lower-case words joined by underscores, such as add_post_tags.',
    );
  }
  // Prisma applies migrations in the order of their names.
  const directoryName = `${utcTimestamp(now)}_${name}`;
  const written: { directory: string; sql: string }[] = [];
  for (const { folderPath, schemaPath, scratch } of sources) {
    const sql = await schemaChanges(scratch, folderPath, schemaPath);
    if (sql === undefined) continue;
    const last = readMigrations(folderPath).at(-1);
    if (last !== undefined && last.name >= directoryName) {
      throw new Error(`The last migration, ${last.name}, has a later date than now. Check the clock.`);
    }
    written.push({ directory: join(folderPath, directoryName), sql });
  }
  for (const { directory, sql } of written) {
    mkdirSync(directory);
    writeFileSync(join(directory, 'migration.sql'), sql);
  }
  return written.map(({ directory }) => directory);
}

/** `20261122093000`, the format of Prisma's migrations. */
function utcTimestamp(date: Date): string {
  return date.toISOString().replace(/\D/g, '').slice(0, 14);
}
