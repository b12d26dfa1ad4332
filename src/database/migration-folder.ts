import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Provider } from './provider.js';

/** In Prisma's own layout, so that `prisma migrate deploy` can apply the same folder. */
export type MigrationFolder = {
  path: string;
  lockFile: string;
  /** In the order they apply in. */
  migrations: Migration[];
};

export type Migration = { name: string; sql: string };

/** Holds prisma/: this file lies two levels below it, in src/ and in dist/ alike. */
const PACKAGE_ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The models for each provider. PostgreSQL's are derived from SQLite's when the client is generated. */
export const SCHEMA_PATHS: Record<Provider, string> = {
  sqlite: join(PACKAGE_ROOT, 'prisma', 'schema.prisma'),
  postgresql: join(PACKAGE_ROOT, 'src', 'database', 'generated', 'postgresql.prisma'),
};

export function migrationPath(provider: Provider): string {
  return join(PACKAGE_ROOT, 'prisma', 'migrations', provider);
}

export function readMigrationFolder(path: string): MigrationFolder {
  const names = readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return {
    path,
    lockFile: readFileSync(join(path, 'migration_lock.toml'), 'utf8'),
    migrations: names.map((name) => ({ name, sql: readFileSync(join(path, name, 'migration.sql'), 'utf8') })),
  };
}
