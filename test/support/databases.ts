import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Provider } from '../../src/database/provider.js';
import { scratchDatabases } from '../../tools/migrations/postgres-scratch.js';
import { scratchConnections } from '../../tools/migrations/sqlite-scratch.js';

/** The migrated database that each test copies (sqlite-setup.mjs, postgres-setup.mjs). */
const SQLITE_TEMPLATE = process.env['TEST_SQLITE_TEMPLATE'] ?? '';
const POSTGRES_TEMPLATE = process.env['TEST_POSTGRES_TEMPLATE'];
/** The PostgreSQL server on which tests create and drop databases. If it is undefined, tests run on SQLite. */
const SERVER_URL = POSTGRES_TEMPLATE === undefined ? undefined : process.env['TEST_POSTGRES_URL'];

/** The database system of this test run. */
export const TEST_PROVIDER: Provider = SERVER_URL === undefined ? 'sqlite' : 'postgresql';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Creates an empty database for one test. */
export async function freshDatabase(): Promise<TestDatabase> {
  return SERVER_URL === undefined ? sqliteFile() : postgresDatabase(SERVER_URL, 'template1');
}

/** Creates a migrated database for one test. */
export async function migratedDatabase(): Promise<TestDatabase> {
  if (SERVER_URL !== undefined && POSTGRES_TEMPLATE !== undefined) {
    return postgresDatabase(SERVER_URL, POSTGRES_TEMPLATE);
  }
  const database = sqliteFile();
  copyFileSync(SQLITE_TEMPLATE, database.url.slice('file:'.length));
  return database;
}

/** The databases in which migrations are replayed and compared with the schema. */
export function scratchOf(provider: Provider) {
  return provider === 'sqlite' ? scratchConnections() : scratchDatabases(SERVER_URL ?? '');
}

/** Runs statements on a new connection and returns the rows of the last one. */
export async function onServer(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) ({ rows } = await client.query<Record<string, unknown>>(statement));
    return rows;
  } finally {
    await client.end();
  }
}

/** The stored data: the bytes of the SQLite files, or all PostgreSQL rows as text. */
export async function storedIn(url: string): Promise<string> {
  if (TEST_PROVIDER === 'sqlite') {
    return ['', '-wal'].map((suffix) => readFileSync(url.slice('file:'.length) + suffix, 'latin1')).join('');
  }
  const tables = await onServer(url, `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`);
  const reads = tables.map(({ name }) => onServer(url, `SELECT * FROM "${String(name)}"`));
  return JSON.stringify(await Promise.all(reads));
}

export function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = name;
  return url.href;
}

function sqliteFile(): TestDatabase {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-'));
  return {
    url: `file:${join(directory, 'tandem.db')}`,
    drop: async () => rmSync(directory, { recursive: true, force: true }),
  };
}

async function postgresDatabase(serverUrl: string, template: string): Promise<TestDatabase> {
  const name = `tandem_test_${randomUUID().replaceAll('-', '')}`;
  await onServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  return {
    url: databaseUrl(serverUrl, name),
    drop: async () => void (await onServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  };
}
