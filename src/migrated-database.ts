import type { Config } from './config.js';
import { openDatabase, type Database } from './database/client.js';
import { migrate, requireMigrated } from './database/migrations/migrations.js';
import type { Logger } from './shared/logger.js';

/**
 * Opens the database after it was migrated. With `MIGRATE_ON_START=false` it only checks that no migration is pending.
 * @throws MigrationError
 */
export async function migratedDatabase(config: Config, logger: Logger): Promise<Database> {
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
  return openDatabase(config.database);
}
