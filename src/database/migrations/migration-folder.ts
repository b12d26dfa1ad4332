import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Provider } from '../provider.js';

export type Migration = { name: string; sql: string };

/** The folder of a provider's migrations, in Prisma's layout, so that `prisma migrate deploy` can apply them too. */
export function migrationPath(provider: Provider): string {
  return join(packageRoot(import.meta.dirname), 'prisma', 'migrations', provider);
}

/** The migrations of a folder, in the order in which they apply. */
export function readMigrations(path: string): Migration[] {
  const names = readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return names.map((name) => ({ name, sql: readFileSync(join(path, name, 'migration.sql'), 'utf8') }));
}

/** The nearest folder above that contains prisma/migrations. It is the same one from src/, dist/ and dist/bundle/. */
function packageRoot(folder: string): string {
  if (existsSync(join(folder, 'prisma', 'migrations'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('The folder prisma/migrations is missing. Install it next to dist/.');
  return packageRoot(parent);
}
