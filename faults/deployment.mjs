import { execFile, execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { accountStore } from '../dist/accounts/account-store.js';
import { passwordHashing } from '../dist/accounts/passwords/password-hashing.js';
import { openDatabase } from '../dist/database/client.js';
import { idGenerator } from '../dist/shared/id.js';
import { openLink } from './link.mjs';
import { startPostgres } from './postgres.mjs';
import { superviseServer } from './server.mjs';

const SERVERS = 3;
/** Shorter than the defaults, so that a run of minutes sees many timeouts. */
const LIMITS = {
  DATABASE_POOL_SIZE: '8',
  DATABASE_CONNECT_TIMEOUT_MS: '1000',
  DATABASE_STATEMENT_TIMEOUT_MS: '2000',
};

/** Starts PostgreSQL and three servers, each with its own link to it. Pushes the functions that stop them onto `undo`. */
export async function deploy({ directory, undo, onFault }) {
  const postgres = await startPostgres(directory);
  undo.push(() => postgres.kill());
  const keys = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    KEY_RING_FILE: join(directory, 'key-ring.json'),
    AUTH_TOKEN_ISSUER: 'https://tandem.example',
    REFRESHES_PER_SESSION: '1000000',
  };
  const keysCommand = join(import.meta.dirname, '..', 'dist', 'cli', 'keys.js');
  execFileSync(process.execPath, [keysCommand, 'init'], { cwd: directory, env: keys, stdio: 'ignore' });

  // All start at once on an empty database: one of them migrates it.
  const starting = Array.from({ length: SERVERS }, async (_, index) => {
    const link = await openLink(postgres.socket);
    undo.push(() => link.close());
    const environment = { ...keys, ...LIMITS, DATABASE_URL: urlOf(link), LOG_LEVEL: 'warn', SESSION_LIMIT: '1000' };
    const server = await superviseServer({ name: `server-${index + 1}`, directory, environment, onFault });
    undo.push(() => server.close());
    return Object.assign(server, { link });
  });
  const servers = await Promise.all(starting);
  return {
    postgres,
    servers,
    url: urlOf(servers.at(-1).link),
    keyRingFile: keys.KEY_RING_FILE,
  };
}

/** Creates `count` accounts with the same password, as `npm run account` does. */
export async function createAccounts(url, count) {
  const clock = { nowMs: () => Date.now() };
  const database = openDatabase({ url });
  try {
    const store = accountStore(database, clock, idGenerator(clock));
    const password = 'as good a password as any';
    const hashing = passwordHashing({
      memoryKib: 19_456,
      iterations: 2,
      concurrency: 1,
      queue: 1,
      queueWaitMs: 10_000,
    });
    const passwordHash = await hashing.hash(password);
    const accounts = [];
    for (let number = 1; number <= count; number += 1) {
      const email = `account-${number}@example.com`;
      await store.create({ email, passwordHash, displayName: `Account ${number}` });
      accounts.push({ email, password });
    }
    return accounts;
  } finally {
    await database.$disconnect();
  }
}

/** Verifies the chains of security events: no event was lost or written twice. */
export async function auditEvents({ url, keyRingFile }, history) {
  const command = join(import.meta.dirname, '..', 'dist', 'cli', 'audit.js');
  const env = { PATH: process.env.PATH, DATABASE_URL: url, KEY_RING_FILE: keyRingFile };
  try {
    await promisify(execFile)(process.execPath, [command, 'verify'], { env, cwd: tmpdir() });
  } catch (error) {
    history.violation('a chain of security events is broken', `${error.stdout}${error.stderr}`);
  }
}

function urlOf({ port }) {
  return `postgresql://tandem@127.0.0.1:${port}/tandem`;
}
