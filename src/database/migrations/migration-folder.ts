import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Provider } from '../provider.js';

/** In Prisma's own layout, so that `prisma migrate deploy` can apply the same folder. */
export type MigrationFolder = {
  path: string;
  lockFile: string;
  /** In the order they apply in. */
  migrations: Migration[];
};

export type Migration = { name: string; sql: string };

const PACKAGE_ROOT = packageRoot(import.meta.dirname);

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

/** The nearest folder above that holds prisma/migrations: the same one from src/, from dist/ and from the bundle. */
function packageRoot(folder: string): string {
  if (existsSync(join(folder, 'prisma', 'migrations'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('The folder prisma/migrations is missing. Install it next to dist/.');
  return packageRoot(parent);
}
