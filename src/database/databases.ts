import { openDatabase, type Database } from './client.js';
import type { DatabaseSettings } from './limits.js';
import { providerOf } from './provider.js';

/** The connections of a server. Slow statements on posts cannot keep those for tokens busy. */
export interface Databases {
  /** For accounts, sessions, events and revocations: whatever a login or a refresh needs. */
  readonly database: Database;
  /** For posts. On SQLite it is the same as `database`, because all statements of a process run one after another. */
  readonly postsDatabase: Database;
}

/** Divides the connections to PostgreSQL into two pools: half for posts, rounded down, and the others for the rest. */
export function openDatabases(settings: DatabaseSettings, open: typeof openDatabase = openDatabase): Databases {
  if (providerOf(settings.url) === 'sqlite') {
    const database = open(settings);
    return { database, postsDatabase: database };
  }
  const withPool = (poolSize: number) => open({ ...settings, limits: { ...settings.limits, poolSize } });
  const forPosts = Math.floor(settings.limits.poolSize / 2);
  return { database: withPool(settings.limits.poolSize - forPosts), postsDatabase: withPool(forPosts) };
}
