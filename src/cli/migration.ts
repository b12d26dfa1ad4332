import { relative } from 'node:path';
import { migrationPath, SCHEMA_PATHS } from '../database/migrations/migration-folder.js';
import { writeNextMigration } from '../database/migrations/next-migration.js';
import { scratchDatabases } from '../database/migrations/postgres-scratch.js';
import { scratchConnections } from '../database/sqlite/sqlite-connections.js';

const [name] = process.argv.slice(2);
if (name === undefined) {
  console.error(
    'Usage: npm run db:migration -- <name>\n' +
      'Writes the migration for SQLite and for PostgreSQL. SHADOW_DATABASE_URL names a PostgreSQL server on which it may\n' +
      'create and drop a database; unset: postgresql://postgres@127.0.0.1:5432/postgres.',
  );
  process.exit(2);
}

try {
  const shadowUrl = process.env['SHADOW_DATABASE_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres';
  const directories = await writeNextMigration({
    sources: [source('sqlite', scratchConnections()), source('postgresql', scratchDatabases(shadowUrl))],
    name,
    now: new Date(),
  });
  if (directories.length === 0) console.log('Nothing to do: the migrations equal prisma/schema.prisma.');
  for (const directory of directories) {
    console.log(`Wrote ${relative(process.cwd(), directory)}. Read its SQL before you commit it.`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

function source(provider: keyof typeof SCHEMA_PATHS, scratch: ReturnType<typeof scratchConnections>) {
  return { folderPath: migrationPath(provider), schemaPath: SCHEMA_PATHS[provider], scratch };
}
