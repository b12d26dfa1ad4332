import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TEST_PROVIDER } from './databases.js';

export type Scratch = {
  path: string;
  /** The URL of a database file. Neither the file nor its directory exists. */
  url: string;
  databasePath: string;
  remove: () => void;
};

/** Creates a directory for one test. */
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

/** Copies the migrations of the project, so that a test can add its own, and returns the path. */
export function copyMigrations(scratch: Scratch): string {
  const folderPath = join(scratch.path, 'migrations');
  cpSync(join('prisma/migrations', TEST_PROVIDER), folderPath, { recursive: true });
  return folderPath;
}

export function writeMigration(folderPath: string, name: string, sql: string): void {
  mkdirSync(join(folderPath, name), { recursive: true });
  writeFileSync(join(folderPath, name, 'migration.sql'), sql);
}
