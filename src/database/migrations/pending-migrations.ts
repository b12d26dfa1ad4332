import { isDriverAdapterError } from '@prisma/driver-adapter-utils';
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import { MigrationError } from './migration-error.js';
import type { Migration } from './migration-folder.js';

/** The migrations that the database does not have yet, or an error when it is in no state to get them. */
export async function pendingMigrations(connection: SqlDriverAdapter, migrations: Migration[]): Promise<Migration[]> {
  const history = await migrationHistory(connection);

  const failed = history.filter(({ finished }) => !finished).map(({ name }) => name);
  if (failed.length > 0) {
    throw new MigrationError(
      'FAILED_EARLIER',
      `A migration of this database began and did not finish: ${failed.join(', ')}. ` +
        'See what it left behind, mend that or restore a backup, then tell Prisma how it ended: ' +
        '`npx prisma migrate resolve --rolled-back <name>` to have it applied again, `--applied <name>` if all of it is there.',
    );
  }

  const known = new Set(migrations.map(({ name }) => name));
  const unknown = history.map(({ name }) => name).filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new MigrationError(
      'UNKNOWN_MIGRATIONS',
      `This database has migrations that this version does not know: ${unknown.join(', ')}. ` +
        'Start the version that brought them, or restore a backup made before it.',
    );
  }

  const applied = new Set(history.map(({ name }) => name));
  return migrations.filter(({ name }) => !applied.has(name));
}

type AppliedMigration = { name: string; finished: boolean };

async function migrationHistory(connection: SqlDriverAdapter): Promise<AppliedMigration[]> {
  try {
    const { rows } = await connection.queryRaw({
      sql: `SELECT migration_name, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
      args: [],
      argTypes: [],
    });
    return rows.map(([name, finishedAt]) => ({ name: String(name), finished: finishedAt !== null }));
  } catch (error) {
    if (isDriverAdapterError(error) && error.cause.kind === 'TableDoesNotExist') return [];
    throw error;
  }
}
