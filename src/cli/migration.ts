import { relative } from 'node:path';
import { migrationPath, SCHEMA_PATH } from '../database/migration-folder.js';
import { writeNextMigration } from '../database/next-migration.js';

const [name] = process.argv.slice(2);
if (name === undefined) {
  console.error('Usage: npm run db:migration -- <name>');
  process.exit(2);
}

try {
  const directory = await writeNextMigration({
    folderPath: migrationPath('sqlite'),
    schemaPath: SCHEMA_PATH,
    name,
    now: new Date(),
  });
  console.log(
    directory === undefined
      ? 'Nothing to do: the migrations equal prisma/schema.prisma.'
      : `Wrote ${relative(process.cwd(), directory)}. Read its SQL before you commit it.`,
  );
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
