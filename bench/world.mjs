// Creates the data that all servers serve: a key ring, a migrated database, and the ids and tokens that the load uses.
import { closeSync, copyFileSync, fsyncSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import Database from 'better-sqlite3';
import { migrate } from '../dist/database/migrations/migrations.js';
import { signAuthToken } from '../dist/tokens/auth-token.js';
import { readKeyRingFile } from '../dist/keys/key-ring-reading.js';
import { createKeyRingFile } from '../dist/keys/key-ring-writing.js';
import { deriveRefreshToken } from '../dist/tokens/refresh-token.js';
import { accountRows, postRows, sessionRows } from './rows.mjs';
import { ACCOUNTS, ARGON2, CONNECTIONS, ISSUER, PASSWORD } from './settings.mjs';

/** At least so many published posts are older than each cursor, so that each page is full. */
const PAGE = 20;

/** Creates a SQLite file with so many posts and sessions in `directory`. Each server gets a copy. */
export async function makeWorld(options) {
  const { directory, name, posts, sessions, accounts = ACCOUNTS, algorithm = 'HS256', tokens = CONNECTIONS } = options;
  const nowMs = Date.now();
  const keyRingPath = join(directory, `${name}-key-ring.json`);
  createKeyRingFile(keyRingPath, algorithm, Math.floor(nowMs / 1000) - 60);
  const ring = readKeyRingFile(keyRingPath);
  const [refreshKey] = ring.refreshKeys.values();
  const path = join(directory, `${name}.db`);
  await migrate({ url: `file:${path}` });

  const account = [...accountRows({ accounts, passwordHash: await hash(PASSWORD, ARGON2), nowMs })];
  const accountIds = account.map(({ id }) => id);
  const tables = {
    Account: account,
    Session: sessionRows({ sessions, accountIds, refreshKeyId: refreshKey.kid, nowMs }),
    Post: postRows({ posts, accountIds, nowMs }),
  };
  fill(path, tables);
  return {
    keyRingPath,
    path,
    copy(copyName) {
      const copied = join(directory, `${name}-${copyName}.db`);
      copyFileSync(path, copied);
      return copied;
    },
    /** All rows as SQLite stores them. */
    tables: () => Object.fromEntries(Object.keys(tables).map((table) => [table, rowsOf(path, table)])),
    /** Fills another database that has the tables of this version or of an older one. */
    fill: (otherPath) =>
      fill(otherPath, Object.fromEntries(Object.keys(tables).map((table) => [table, rowsOf(path, table)]))),
    material: materialOf(path, { ring, refreshKey, accounts: account, nowMs, tokens }),
  };
}

/** Ids and tokens, spread over the whole of each table. */
function materialOf(path, { ring, refreshKey, accounts, nowMs, tokens }) {
  const database = new Database(path, { readonly: true });
  const spread = (list, count) => Array.from({ length: count }, (_, n) => list[Math.floor((n * list.length) / count)]);
  const postIds = database.prepare(`SELECT "id" FROM "Post" WHERE "status" = 'PUBLISHED' ORDER BY "id"`).pluck().all();
  const sessions = database.prepare(`SELECT "id", "accountId", "salt" FROM "Session" ORDER BY "id"`).all();
  database.close();
  const [signingKey] = ring.signingKeys.values();
  const nowSeconds = Math.floor(nowMs / 1000);
  const chosen = spread(sessions, tokens + 2 * CONNECTIONS);
  const authTokenOf = ({ id, accountId }, iat) =>
    signAuthToken(
      { sub: accountId, sid: id, gen: 1, role: 'MEMBER', jti: id, iat, exp: iat + 3600 },
      signingKey,
      ISSUER,
    );
  const ingredients = ({ salt }) => ({ salt, secret: refreshKey.secret });
  return {
    password: PASSWORD,
    emails: accounts.slice(0, ACCOUNTS).map(({ email }) => email),
    postIds: spread(postIds, Math.min(postIds.length, 500)),
    cursors: spread(postIds.slice(PAGE + 1), 500).map((id) => Buffer.from(`post:${id}`).toString('base64url')),
    authTokens: chosen.slice(0, tokens).map((session) => authTokenOf(session, nowSeconds - 30)),
    expiredToken: authTokenOf(chosen[0], nowSeconds - 7200),
    refreshTokens: chosen.slice(tokens).map((session) => deriveRefreshToken(session.id, 1, ingredients(session))),
  };
}

function fill(path, tables) {
  const database = new Database(path);
  database.pragma('synchronous = OFF');
  database.pragma('cache_size = -200000');
  // Inserting before creating the indexes is several times as fast.
  const indexes = database
    .prepare(`SELECT "name", "sql" FROM sqlite_master WHERE type = 'index' AND "sql" IS NOT NULL`)
    .all();
  for (const { name } of indexes) database.exec(`DROP INDEX "${name}"`);
  for (const [table, rows] of Object.entries(tables)) database.transaction(() => insert(database, table, rows))();
  for (const { sql } of indexes) database.exec(sql);
  database.exec('ANALYZE');
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
  // Otherwise the kernel would write the file during the measurement, and refreshes would wait for the disk.
  const file = openSync(path, 'r+');
  fsyncSync(file);
  closeSync(file);
}

function insert(database, table, rows) {
  const columns = new Set(database.pragma(`table_info("${table}")`).map(({ name }) => name));
  let names;
  let statement;
  for (const row of rows) {
    names ??= Object.keys(row).filter((name) => columns.has(name));
    statement ??= database.prepare(
      `INSERT INTO "${table}" (${names.map((name) => `"${name}"`)}) VALUES (${names.map(() => '?')})`,
    );
    statement.run(names.map((name) => stored(row[name])));
  }
}

/** As Prisma stores it. */
function stored(value) {
  return value instanceof Date ? value.toISOString().replace('Z', '+00:00') : value;
}

function* rowsOf(path, table) {
  const database = new Database(path, { readonly: true });
  yield* database.prepare(`SELECT * FROM "${table}"`).iterate();
  database.close();
}
