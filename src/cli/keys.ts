import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadConfig, type Config } from '../config.js';
import type { AuthTokenAlgorithm } from '../keys/key-ring.js';
import { openDatabase } from '../database/client.js';
import { providerOf } from '../database/provider.js';
import { generateRefreshKey, generateSigningKey } from '../keys/key-generation.js';
import { addToKeyRingFile, createKeyRingFile, removeFromKeyRingFile } from '../keys/key-ring-file.js';
import { parseKeyRing } from '../keys/key-ring-jwks.js';
import { KEY_RING_INTERVAL_MS } from '../keys/key-ring-source.js';
import { whereActive } from '../sessions/session-expiry.js';
import { activeRefreshKey, activeSigningKey } from '../keys/key-ring.js';

/** Twice as long as verifiers may keep the JWKS, so that all of them know a key before it signs. */
const ANNOUNCE_SECONDS = 600;

/** So long may a running server take to see a new secret in its file; until then none may use it. */
const SPREAD_SECONDS = 5;

const USAGE = `Usage: npm run keys -- <command>

  init                    make a key ring where there is none
  list                    show the keys: what each is for, and since when it is used
  rotate                  add a key for auth tokens; it is published at once and signs after ${ANNOUNCE_SECONDS} seconds
    --algorithm ES256|RS256|HS256
    --announce-seconds N  sign after N seconds; 0: at once
    --refresh             add a secret for refresh tokens instead; only new sessions use it, after ${SPREAD_SECONDS} seconds
                          (on PostgreSQL ${ANNOUNCE_SECONDS}, for the file to reach every machine), or N
  retire <kid>            take a key out: auth tokens made with it are refused from the next request on
    --force               even a secret whose sessions are still in use: their users must log in again
  import <file>           add a private key from a PEM or JWK file; --announce-seconds as above

A running server follows the file: it needs no restart.
`;

interface Arguments {
  readonly words: readonly string[];
  readonly algorithm: AuthTokenAlgorithm;
  readonly activeFromSeconds: number;
  readonly derivesFromSeconds: number;
  readonly refresh: boolean;
  readonly force: boolean;
}

async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = loadConfig(process.env);
  const given = readArguments(config);
  const { file } = config.keyRing;
  const [command, operand] = given.words;
  switch (command) {
    case 'init':
      if (existsSync(file)) throw new Error(`There is a key ring already: ${file}`);
      createKeyRingFile(file, given.algorithm, nowSeconds());
      return list(file);
    case 'list':
      return list(file);
    case 'rotate':
      addToKeyRingFile(file, [
        given.refresh
          ? generateRefreshKey(given.derivesFromSeconds)
          : generateSigningKey(given.algorithm, given.activeFromSeconds),
      ]);
      break;
    case 'retire':
      if (!operand) throw new Error(USAGE);
      if (!given.force) await refuseIfInUse(config, operand);
      removeFromKeyRingFile(file, operand);
      break;
    case 'import':
      if (!operand) throw new Error(USAGE);
      addToKeyRingFile(file, [{ ...privateJwk(operand), use: 'sig', signs_from: given.activeFromSeconds }]);
      break;
    default:
      throw new Error(USAGE);
  }
  // When the command returns, running servers have seen the change.
  await delay(2 * KEY_RING_INTERVAL_MS);
  list(file);
}

function readArguments(config: Config): Arguments {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      algorithm: { type: 'string', default: config.keyRing.algorithm ?? 'ES256' },
      'announce-seconds': { type: 'string' },
      refresh: { type: 'boolean', default: false },
      force: { type: 'boolean', default: false },
    },
  });
  const { algorithm, refresh, force } = values;
  if (algorithm !== 'ES256' && algorithm !== 'RS256' && algorithm !== 'HS256') throw new Error(USAGE);
  const announceSeconds = values['announce-seconds'];
  if (announceSeconds !== undefined && !/^\d{1,8}$/.test(announceSeconds)) throw new Error(USAGE);
  const hasMachines = providerOf(config.database.url) === 'postgresql';
  const activeFromSeconds = nowSeconds() + Number(announceSeconds ?? ANNOUNCE_SECONDS);
  const derivesFromSeconds =
    nowSeconds() + Number(announceSeconds ?? (hasMachines ? ANNOUNCE_SECONDS : SPREAD_SECONDS));
  return { words: positionals, algorithm, activeFromSeconds, derivesFromSeconds, refresh, force };
}

function list(file: string): void {
  const ring = parseKeyRing(readFileSync(file, 'utf8'));
  const now = nowSeconds();
  const signing = activeSigningKey(ring, now).kid;
  const deriving = activeRefreshKey(ring, now).kid;
  const rows = [
    ...[...ring.signingKeys.values()].map((key) => ({ ...key, purpose: `auth tokens, ${key.algorithm}` })),
    ...[...ring.refreshKeys.values()].map((key) => ({ ...key, purpose: 'refresh tokens' })),
  ];
  for (const { kid, purpose, activeFromSeconds } of rows) {
    const date = new Date(activeFromSeconds * 1000).toISOString();
    const state =
      kid === signing || kid === deriving
        ? 'in use'
        : activeFromSeconds > now
          ? `in use from ${date}`
          : 'verifies only';
    process.stdout.write(`${kid.padEnd(44)} ${purpose.padEnd(20)} ${state}\n`);
  }
}

/** A secret that live sessions were made with cannot go without logging them out. */
async function refuseIfInUse(config: Config, kid: string): Promise<void> {
  const ring = parseKeyRing(readFileSync(config.keyRing.file, 'utf8'));
  if (!ring.signingKeys.has(kid) && !ring.refreshKeys.has(kid)) throw new Error(`There is no key ${kid} in the ring.`);
  if (!ring.refreshKeys.has(kid)) return;
  const database = openDatabase(config.database);
  try {
    const count = await database.session.count({ where: { refreshKeyId: kid, ...whereActive(new Date()) } });
    if (count > 0) throw new Error(`${count} sessions still use ${kid}. With --force their users must log in again.`);
  } finally {
    await database.$disconnect();
  }
}

function privateJwk(file: string): object {
  const text = readFileSync(file, 'utf8');
  if (text.trimStart().startsWith('{')) return JSON.parse(text) as object;
  return createPrivateKey(text).export({ format: 'jwk' });
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
