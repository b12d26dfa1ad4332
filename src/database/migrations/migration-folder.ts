import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../shared/package-root.js';
import type { Provider } from '../provider.js';

export type Migration = { name: string; sql: string };

/** The folder of a provider's migrations, in Prisma's layout, so that `prisma migrate deploy` can apply them too. */
export function migrationPath(provider: Provider): string {
  return join(packageRoot(), 'prisma', 'migrations', provider);
}

/** The migrations of a folder, in the order in which they apply. */
export function readMigrations(path: string): Migration[] {
  const names = readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return names.map((name) => ({ name, sql: readFileSync(join(path, name, 'migration.sql'), 'utf8') }));
}
