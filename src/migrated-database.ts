import type { Config } from './config.js';
import type { DatabaseSettings } from './database/limits.js';
import { openDatabase } from './database/client.js';
import { migrate, requireMigrated, type MigrateOptions } from './database/migrations/migrations.js';
import { normalizeStoredAddresses } from './accounts/stored-addresses.js';
import type { Logger } from './shared/logger.js';

/**
 * Opens the database after it was migrated. With `MIGRATE_ON_START=false` it only checks that no migration is pending.
 * @throws MigrationError
 */
export async function migratedDatabase<Opened>(
  config: Config,
  logger: Logger,
  open: (settings: DatabaseSettings) => Opened,
): Promise<Opened> {
  const { url } = config.database;
  const onLaterMigrations = (migrations: readonly string[]) => {
    logger.warn({ event: 'database.later_migrations', migrations }, 'a later version has migrated the database');
  };
  if (config.migrateOnStart) {
    const migrations = await migrateDatabase({ url, onLaterMigrations });
    if (migrations.length > 0) logger.info({ event: 'database.migrated', migrations }, 'migrations were applied');
  } else {
    await requireMigrated({ url, onLaterMigrations });
  }
  return open(config.database);
}

/** From this migration on, addresses are stored in another form, which SQL cannot compute. */
const FIRST_MIGRATION = '20261122000000_init';
const ADDRESS_MIGRATION = '20261126095900_accounts';

/**
 * Applies the pending migrations, and returns their names.
 * @throws MigrationError, OperatorError if addresses of two accounts would become the same
 */
export function migrateDatabase(options: MigrateOptions): Promise<string[]> {
  return migrate({
    ...options,
    async beforeApplying(names) {
      if (names.includes(FIRST_MIGRATION) || !names.includes(ADDRESS_MIGRATION)) return;
      const database = openDatabase({ url: options.url });
      try {
        await normalizeStoredAddresses(database);
      } finally {
        await database.$disconnect();
      }
    },
  });
}
