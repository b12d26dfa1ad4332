import type { Database } from './client.js';

/**
 * Why this database may lose what it has acknowledged, or undefined when it does not. SQLite's settings are ours; those
 * of PostgreSQL are the server's, the database's or the role's.
 */
export async function durabilityProblem(database: Database): Promise<string | undefined> {
  if (database.provider === 'sqlite') return undefined;
  const rows = await database.$queryRaw<{ name: string }[]>`
    SELECT "name" FROM pg_settings WHERE "name" IN ('fsync', 'synchronous_commit') AND "setting" = 'off'`;
  if (rows.length === 0) return undefined;
  const names = rows.map(({ name }) => name).join(' and ');
  return `DATABASE_URL names a PostgreSQL with ${names} off: it may forget what it has acknowledged. Turn it on.`;
}
