import { isDriverAdapterError } from '@prisma/driver-adapter-utils';
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import { MigrationError } from './migration-error.js';
import type { Migration } from './migration-folder.js';

/** The end of the name of a migration after which earlier versions cannot use the database. */
const INCOMPATIBLE = '_incompatible';

export interface MigrationState {
  readonly pending: Migration[];
  /** Names of migrations of a later version, after which this version can still use the database. */
  readonly later: string[];
}

/** Compares the history of the database with the migrations of this version. @throws MigrationError */
export async function migrationState(connection: SqlDriverAdapter, migrations: Migration[]): Promise<MigrationState> {
  const history = await migrationHistory(connection);

  const failed = history.filter(({ finished }) => !finished).map(({ name }) => name);
  if (failed.length > 0) {
    throw new MigrationError(
      'FAILED_EARLIER',
      `A migration of this database began and did not finish: ${failed.join(', ')}. ` +
        'Undo or complete it by hand, or restore a backup. Then tell Prisma how it ended: ' +
        '`npx prisma migrate resolve --rolled-back <name>` if it was undone, `--applied <name>` if it is complete.',
    );
  }

  const applied = new Set(history.map(({ name }) => name));
  const known = new Set(migrations.map(({ name }) => name));
  const pending = migrations.filter(({ name }) => !applied.has(name));
  const later = [...applied].filter((name) => !known.has(name));
  if (later.some((name) => name.endsWith(INCOMPATIBLE)) || (later.length > 0 && pending.length > 0)) {
    throw new MigrationError(
      'UNKNOWN_MIGRATIONS',
      `This version cannot use the database, which has migrations of another version: ${later.join(', ')}. ` +
        'Start that version, or restore a backup made before it.',
    );
  }
  return { pending, later };
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
