import { relative, resolve } from 'node:path';
import process from 'node:process';
import { isDriverAdapterError } from '@prisma/driver-adapter-utils';
import { migrationPath } from '../../src/database/migrations/migration-folder.js';
import type { Provider } from '../../src/database/provider.js';
import { writeNextMigration } from './next-migration.js';
import { scratchDatabases } from './postgres-scratch.js';
import { SCHEMA_PATHS } from './schema-paths.js';
import { scratchConnections } from './sqlite-scratch.js';

const DEFAULT_SHADOW_URL = 'postgresql://postgres@127.0.0.1:5432/postgres';

const USAGE = `Usage: npm run db:migration -- <name>

Writes the next migration for SQLite and for PostgreSQL. For PostgreSQL it needs a server: SHADOW_DATABASE_URL names one
on which it may create and drop a database. Default: ${DEFAULT_SHADOW_URL}.
If earlier versions of the server cannot use the migrated database, end the name in _incompatible.`;

/** Runs the command with these arguments, and resolves to the exit code. */
export async function main([name]: readonly string[]): Promise<number> {
  if (name === undefined || name.startsWith('-')) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const shadowUrl = process.env['SHADOW_DATABASE_URL'] ?? DEFAULT_SHADOW_URL;
  try {
    await requireServer(shadowUrl);
    const directories = await writeNextMigration({
      sources: [source('sqlite', scratchConnections()), source('postgresql', scratchDatabases(shadowUrl))],
      name,
      now: new Date(),
    });
    if (directories.length === 0) process.stdout.write('The migrations equal prisma/schema.prisma.\n');
    for (const directory of directories) {
      process.stdout.write(`Wrote ${relative(process.cwd(), directory)}. Read its SQL before you commit it.\n`);
    }
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

/** The schema engine does not say which server it could not reach. */
async function requireServer(url: string): Promise<void> {
  try {
    const connection = await scratchDatabases(url).connect();
    await connection.dispose();
  } catch (error) {
    const reason = isDriverAdapterError(error) ? error.cause.originalMessage : String(error);
    const server = process.env['SHADOW_DATABASE_URL'] === undefined ? `the default, ${url}` : 'what it names now';
    throw new Error(
      `The migration for PostgreSQL needs a PostgreSQL server. Set SHADOW_DATABASE_URL to one on which a database may be created and dropped, such as ${DEFAULT_SHADOW_URL}. No connection to ${server}: ${reason}.`,
    );
  }
}

function source(provider: Provider, scratch: ReturnType<typeof scratchConnections>) {
  return { folderPath: migrationPath(provider), schemaPath: resolve(SCHEMA_PATHS[provider]), scratch };
}
