// The same world on PostgreSQL, when there is an address for it.
import { openDatabase } from '../dist/database/client.js';
import { migrate } from '../dist/database/migrations.js';

const BATCH = 500;

export async function fillPostgres(url, world) {
  await migrate({ url });
  const database = openDatabase({ url });
  try {
    await empty(database);
    for (const [model, rows] of Object.entries(world.tables())) {
      for (let from = 0; from < rows.length; from += BATCH) {
        await database[model].createMany({ data: rows.slice(from, from + BATCH).map(asPrisma) });
      }
    }
    await database.$executeRawUnsafe('ANALYZE');
  } finally {
    await database.$disconnect();
  }
}

export async function emptyPostgres(url) {
  const database = openDatabase({ url });
  await empty(database);
  await database.$disconnect();
}

/** Accounts take their sessions, posts and events along. */
async function empty(database) {
  await database.account.deleteMany();
}

/** A row as SQLite keeps it, as Prisma takes it: times are dates. */
function asPrisma(row) {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, /(At)$/.test(name) && value ? new Date(value) : value]),
  );
}
