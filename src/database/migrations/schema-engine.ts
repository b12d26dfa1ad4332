import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';
import { MigrationError } from './migration-error.js';
import type { MigrationFolder } from './migration-folder.js';

// Prisma's schema engine as WebAssembly. Its maintainers do not call it stable: nothing else imports it, and package.json pins it.

/** The part used here; @types/node 20 does not describe it, and the browser's types are not wanted in a server. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

const NO_FILTERS = { externalTables: [], externalEnums: [] };

/** Applies the folder's pending migrations through a connection that stays the caller's, and returns their names. */
export async function applyMigrations(connection: SqlDriverAdapter, folder: MigrationFolder): Promise<string[]> {
  const engine = await startEngine({
    provider: connection.provider,
    adapterName: connection.adapterName,
    connect: () => Promise.resolve(withoutDispose(connection)),
    connectToShadowDb: () => Promise.reject(new Error('Applying migrations needs no shadow database.')),
  });
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: migrationList(folder),
      filters: NO_FILTERS,
    });
    return appliedMigrationNames;
  } catch (error) {
    throw new MigrationError('FAILED', `A migration failed and was undone: ${engineMessage(error)}`, { cause: error });
  } finally {
    engine.free();
  }
}

/**
 * The SQL that takes a database from the folder's last migration to the schema, or nothing when they are equal.
 * The migrations are replayed on `scratch`.
 */
export async function schemaChanges(
  scratch: SqlMigrationAwareDriverAdapterFactory,
  folder: MigrationFolder,
  schemaPath: string,
): Promise<string | undefined> {
  const engine = await startEngine(scratch);
  try {
    const { exitCode, stdout } = await engine.diff({
      from: { tag: 'migrations', ...migrationList(folder) },
      to: { tag: 'schemaDatamodel', files: [{ path: schemaPath, content: readFileSync(schemaPath, 'utf8') }] },
      script: true,
      exitCode: true,
      filters: NO_FILTERS,
    });
    return exitCode === 0 || stdout === null ? undefined : stdout;
  } finally {
    engine.free();
  }
}

async function startEngine(connections: SqlMigrationAwareDriverAdapterFactory): Promise<glue.SchemaEngine> {
  await (loading ??= load());
  return glue.SchemaEngine.new(
    { datamodels: undefined },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(connections),
  );
}

/** Kept, because the package's JavaScript serves one instance, and a second one would be pulled from under the first. */
let loading: Promise<void> | undefined;

async function load(): Promise<void> {
  const javaScript = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = readFileSync(join(dirname(javaScript), 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  const start = instance.exports['__wbindgen_start'];
  if (typeof start === 'function') start();
}

/**
 * The engine closes its connection when it is done, and would lock the file until then
 * (`PRAGMA main.locking_mode=EXCLUSIVE`); both are the caller's business here.
 */
function withoutDispose(connection: SqlDriverAdapter): SqlDriverAdapter {
  return {
    provider: connection.provider,
    adapterName: connection.adapterName,
    queryRaw: (query) => connection.queryRaw(query),
    executeRaw: (query) => (query.sql.includes('locking_mode') ? Promise.resolve(0) : connection.executeRaw(query)),
    executeScript: (script) => connection.executeScript(script),
    startTransaction: (isolationLevel) => connection.startTransaction(isolationLevel),
    dispose: () => Promise.resolve(),
  };
}

function migrationList(folder: MigrationFolder) {
  return {
    baseDir: folder.path,
    lockfile: { path: 'migration_lock.toml', content: folder.lockFile },
    shadowDbInitScript: '',
    migrationDirectories: folder.migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
    })),
  };
}

/** What went wrong and in which migration, without the engine's own trace. */
function engineMessage(error: unknown): string {
  const text =
    typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
  const name = /migration_name="([^"]+)"/.exec(text)?.[1];
  const [reason = ''] = text.split(/\n\s+0: /);
  return name === undefined ? reason.trim() : `${name}: ${reason.trim()}`;
}
