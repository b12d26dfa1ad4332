import { migrateDatabase } from '../migrated-database.js';
import { commandConfig } from './command-config.js';
import { runCommand } from './command.js';
import { UsageError } from './usage-error.js';

const USAGE = `Usage: npm run db:migrate (in production: node dist/cli/migrate.js)

Applies the pending migrations to the database of DATABASE_URL. A server does this at start, unless
MIGRATE_ON_START=false.`;

runCommand({
  usage: USAGE,
  async run(words) {
    if (words.length > 0) throw new UsageError(USAGE);
    const { database } = commandConfig();
    const applied = await migrateDatabase({ url: database.url });
    return applied.length === 0 ? 'No migration was pending.' : `Applied ${applied.join(', ')}.`;
  },
});
