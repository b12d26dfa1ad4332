import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import { DEFAULT_LIMITS } from '../limits.js';
import { connectForMigrations } from '../postgres/postgres-connections.js';
import { providerOf, type Provider } from '../provider.js';
import { sqliteConnections } from '../sqlite/sqlite-connections.js';
import { applyMigrations, createHistoryTable } from './apply-migrations.js';
import { MigrationError } from './migration-error.js';
import { migrationPath, readMigrations } from './migration-folder.js';
import { migrationState } from './migration-history.js';
import { withPostgresMigrationLock } from './postgres-migration-lock.js';
import { withSqliteMigrationLock } from './sqlite-migration-lock.js';

export type MigrateOptions = {
  /** As for `openDatabase`. */
  url: string;
  /** The folder of the migrations. Tests use other folders. */
  folderPath?: string;
  /** How long to wait for another process that migrates the same database. */
  lockTimeoutMs?: number;
  /** Receives the names of migrations of a later version, with which this version can run. */
  onLaterMigrations?: (names: readonly string[]) => void;
  /** Called before pending migrations are applied, with their names. If it throws, none is applied. */
  beforeApplying?: (names: readonly string[]) => Promise<void>;
};

/** Runs work under the migration lock and as one transaction. Afterwards the connection can only be closed. */
type WithLock = typeof withSqliteMigrationLock;

const DRIVERS: Record<
  Provider,
  { connect(url: string, lockTimeoutMs: number): Promise<SqlDriverAdapter>; withLock: WithLock }
> = {
  sqlite: { connect: connectForSqliteMigrations, withLock: withSqliteMigrationLock },
  postgresql: { connect: (url) => connectForMigrations(url), withLock: withPostgresMigrationLock },
};

const LOCK_TIMEOUT_MS = 30_000;

/** Applies the pending migrations, all or none, and returns their names. @throws MigrationError */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const { lockTimeoutMs = LOCK_TIMEOUT_MS } = options;
  const { withLock } = DRIVERS[providerOf(options.url)];
  return withConnection(options, async (connection) => {
    const found = await stateOf(connection, options);
    if (found.pending.length === 0) return [];
    await options.beforeApplying?.(found.pending.map(({ name }) => name));
    return withLock(connection, lockTimeoutMs, async (locked) => {
      // First, because on PostgreSQL a query of a missing table would abort the transaction.
      await createHistoryTable(locked);
      // Another process may have applied them while this one waited.
      const { pending } = await stateOf(locked, options);
      await applyMigrations(locked, pending);
      return pending.map(({ name }) => name);
    });
  });
}

/** Checks without changes that no migration is pending. @throws MigrationError if one is, or as `migrate` */
export async function requireMigrated(options: MigrateOptions): Promise<void> {
  const { pending } = await withConnection(options, (connection) => stateOf(connection, options));
  if (pending.length === 0) return;
  throw new MigrationError(
    'PENDING',
    `The database lacks migrations: ${pending.map(({ name }) => name).join(', ')}. ` +
      'Run `npm run db:migrate` (in production: `node dist/cli/migrate.js`) with a DATABASE_URL whose role may change tables.',
  );
}

async function stateOf(connection: SqlDriverAdapter, options: MigrateOptions) {
  const { url, folderPath, onLaterMigrations } = options;
  const state = await migrationState(connection, readMigrations(folderPath ?? migrationPath(providerOf(url))));
  if (state.later.length > 0) onLaterMigrations?.(state.later);
  return state;
}

async function withConnection<Result>(
  { url, lockTimeoutMs = LOCK_TIMEOUT_MS }: MigrateOptions,
  work: (connection: SqlDriverAdapter) => Promise<Result>,
): Promise<Result> {
  const connection = await DRIVERS[providerOf(url)].connect(url, lockTimeoutMs);
  try {
    return await work(connection);
  } finally {
    await connection.dispose();
  }
}

function connectForSqliteMigrations(url: string, lockTimeoutMs: number): Promise<SqlDriverAdapter> {
  return sqliteConnections(url, { ...DEFAULT_LIMITS, statementTimeoutMs: lockTimeoutMs }).connect();
}
