import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';
import { readMigrations } from '../../src/database/migrations/migration-folder.js';

// Prisma's schema engine as WebAssembly. It is not a stable API: only this file imports it, and package.json pins it.

/** The part that is used here. @types/node 20 does not declare it, and the types of browsers do not fit a server. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

const LOCK_FILE = 'migration_lock.toml';
/** Tables of SQLite that the schema does not have: what the text index consists of. */
const SQLITE_TEXT_INDEX = ['', '_config', '_data', '_docsize', '_idx', 'Key', 'Change'].map((end) => `PostText${end}`);

/** Applies the migrations that `prisma migrate deploy` would apply, and resolves to their names. */
export async function deployMigrations(
  connections: SqlMigrationAwareDriverAdapterFactory,
  folderPath: string,
): Promise<string[]> {
  const engine = await startEngine(connections);
  try {
    const input = { migrationsList: migrationList(folderPath), filters: filtersFor(connections) };
    return (await engine.applyMigrations(input)).appliedMigrationNames;
  } finally {
    engine.free();
  }
}

/**
 * The SQL from the folder's last migration to the schema; undefined if they are equal. Replays the migrations on
 * `scratch`.
 */
export async function schemaChanges(
  scratch: SqlMigrationAwareDriverAdapterFactory,
  folderPath: string,
  schemaPath: string,
): Promise<string | undefined> {
  const engine = await startEngine(scratch);
  try {
    const { exitCode, stdout } = await engine.diff({
      from: { tag: 'migrations', ...migrationList(folderPath) },
      to: { tag: 'schemaDatamodel', files: [{ path: schemaPath, content: readFileSync(schemaPath, 'utf8') }] },
      script: true,
      exitCode: true,
      filters: filtersFor(scratch),
    });
    return exitCode === 0 || stdout === null ? undefined : stdout;
  } finally {
    engine.free();
  }
}

function filtersFor({ provider }: SqlMigrationAwareDriverAdapterFactory) {
  return { externalTables: provider === 'sqlite' ? SQLITE_TEXT_INDEX : [], externalEnums: [] };
}

async function startEngine(connections: SqlMigrationAwareDriverAdapterFactory): Promise<glue.SchemaEngine> {
  await (loading ??= load());
  return glue.SchemaEngine.new(
    { datamodels: undefined },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(connections),
  );
}

/** Loaded once, because the package's JavaScript supports one instance. */
let loading: Promise<void> | undefined;

async function load(): Promise<void> {
  const javaScript = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = readFileSync(join(dirname(javaScript), 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  const start = instance.exports['__wbindgen_start'];
  if (typeof start === 'function') start();
}

function migrationList(folderPath: string) {
  return {
    baseDir: folderPath,
    lockfile: { path: LOCK_FILE, content: readFileSync(join(folderPath, LOCK_FILE), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: readMigrations(folderPath).map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
    })),
  };
}
