import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TEST_PROVIDER } from './databases.js';

export type Scratch = {
  path: string;
  /** Of a database file that does not exist yet, in a directory that does not either. */
  url: string;
  databasePath: string;
  remove: () => void;
};

/** A directory of the test's own. */
export function makeScratch(): Scratch {
  const path = mkdtempSync(join(tmpdir(), 'tandem-'));
  const databasePath = join(path, 'data', 'tandem.db');
  return {
    path,
    url: `file:${databasePath}`,
    databasePath,
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** A copy of the project's migrations, to which a test can add its own; returns its path. */
export function copyMigrations(scratch: Scratch): string {
  const folderPath = join(scratch.path, 'migrations');
  cpSync(join('prisma/migrations', TEST_PROVIDER), folderPath, { recursive: true });
  return folderPath;
}

export function writeMigration(folderPath: string, name: string, sql: string): void {
  mkdirSync(join(folderPath, name), { recursive: true });
  writeFileSync(join(folderPath, name, 'migration.sql'), sql);
}
