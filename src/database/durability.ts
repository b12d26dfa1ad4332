import type { Database } from './client.js';

/**
 * Why this database may lose acknowledged writes; undefined if it does not. This program sets SQLite's durability. On
 * PostgreSQL the server, the database or the role sets it.
 */
export async function durabilityProblem(database: Database): Promise<string | undefined> {
  if (database.provider === 'sqlite') return undefined;
  const rows = await database.$queryRaw<{ name: string }[]>`
    SELECT "name" FROM pg_settings WHERE "name" IN ('fsync', 'synchronous_commit') AND "setting" = 'off'`;
  if (rows.length === 0) return undefined;
  const names = rows.map(({ name }) => name).join(' and ');
  return `The PostgreSQL server of DATABASE_URL may lose acknowledged writes, because ${names} is off. Turn it on.`;
}
