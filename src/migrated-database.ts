import type { Config } from './config.js';
import type { DatabaseSettings } from './database/limits.js';
import { migrate, requireMigrated } from './database/migrations/migrations.js';
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
    const migrations = await migrate({ url, onLaterMigrations });
    if (migrations.length > 0) logger.info({ event: 'database.migrated', migrations }, 'migrations were applied');
  } else {
    await requireMigrated({ url, onLaterMigrations });
  }
  return open(config.database);
}
