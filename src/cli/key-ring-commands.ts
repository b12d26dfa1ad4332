import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config.js';
import { openExistingDatabase } from '../database/existing-database.js';
import { generateEventKey, generateRefreshKey, generateSigningKey } from '../keys/key-generation.js';
import { KeyRingError, parseKeyRing } from '../keys/key-ring-jwks.js';
import { keyRingFileExists, readKeyRingFile, requirePrivateFile } from '../keys/key-ring-reading.js';
import { KEY_RING_INTERVAL_MS } from '../keys/key-ring-source.js';
import { addToKeyRingFile, createKeyRingFile, removeFromKeyRingFile } from '../keys/key-ring-writing.js';
import {
  activeEventKey,
  activeRefreshKey,
  activeSigningKey,
  type AuthTokenAlgorithm,
  type KeyRing,
} from '../keys/key-ring.js';
import { importPrivateKey } from '../keys/private-key-import.js';
import { whereActive } from '../sessions/session-expiry.js';

export function initRing(config: Config, algorithm: AuthTokenAlgorithm): string {
  const file = writableFile(config);
  if (keyRingFileExists(file)) throw new KeyRingError(`The key ring ${file} exists already.`);
  createKeyRingFile(file, algorithm, nowSeconds());
  return listKeys(config);
}

export async function rotateKeys(
  config: Config,
  kind: AuthTokenAlgorithm | 'refresh' | 'events',
  activeFromSeconds: number,
): Promise<string> {
  const file = existingFile(config);
  addToKeyRingFile(file, [newKey(kind, activeFromSeconds)]);
  return listAfterReload(config);
}

function newKey(kind: AuthTokenAlgorithm | 'refresh' | 'events', activeFromSeconds: number): object {
  if (kind === 'refresh') return generateRefreshKey(activeFromSeconds);
  if (kind === 'events') return generateEventKey(activeFromSeconds);
  return generateSigningKey(kind, activeFromSeconds);
}

export async function importKey(config: Config, path: string, activeFromSeconds: number): Promise<string> {
  const file = existingFile(config);
  addToKeyRingFile(file, [importPrivateKey(path, activeFromSeconds)]);
  return listAfterReload(config);
}

export async function retireKey(config: Config, kid: string, isForced: boolean): Promise<string> {
  const file = existingFile(config);
  const { signingKeys, refreshKeys, eventKeys } = readKeyRingFile(file);
  if (!signingKeys.has(kid) && !refreshKeys.has(kid) && !eventKeys.has(kid)) {
    throw new KeyRingError(`The key ring ${file} has no key ${kid}.`);
  }
  if (refreshKeys.has(kid) && !isForced) await requireUnused(config, kid);
  if (eventKeys.has(kid) && !isForced) await requireNoEvents(config, kid);
  removeFromKeyRingFile(file, kid, config.keyRing.algorithm);
  return listAfterReload(config);
}

/** One line for each key, without key material. */
export function listKeys({ keyRing: { json, file, algorithm, production } }: Config): string {
  if (json === undefined && production && keyRingFileExists(file)) requirePrivateFile(file);
  const ring = json === undefined ? readKeyRingFile(file) : parseKeyRing(json, 'KEY_RING');
  const inUse = kidsInUse(ring, algorithm);
  const keys = [
    ...[...ring.signingKeys.values()].map((key) => ({ ...key, purpose: `auth tokens, ${key.algorithm}` })),
    ...[...ring.refreshKeys.values()].map((key) => ({ ...key, purpose: 'refresh tokens', algorithm: undefined })),
    ...[...ring.eventKeys.values()].map((key) => ({ ...key, purpose: 'security events', algorithm: undefined })),
  ];
  const lines = keys.map((key) => {
    const isUnwanted = algorithm !== undefined && key.algorithm !== undefined && key.algorithm !== algorithm;
    const date = new Date(key.activeFromSeconds * 1000).toISOString();
    const isFuture = key.activeFromSeconds > nowSeconds() && !isUnwanted;
    const state = inUse.includes(key.kid) ? 'in use' : isFuture ? `in use from ${date}` : 'verifies only';
    return `${key.kid.padEnd(44)} ${key.purpose.padEnd(20)} ${state}`;
  });
  return lines.join('\n');
}

/** The keys that issue tokens now, by the same rule as in the server. */
function kidsInUse(ring: KeyRing, algorithm: AuthTokenAlgorithm | undefined): string[] {
  const signs = [...ring.signingKeys.values()].some((key) => !algorithm || key.algorithm === algorithm);
  return [
    ...(signs ? [activeSigningKey(ring, nowSeconds(), algorithm).kid] : []),
    ...(ring.refreshKeys.size > 0 ? [activeRefreshKey(ring, nowSeconds()).kid] : []),
    activeEventKey(ring, nowSeconds())?.kid ?? '',
  ];
}

/** Waits until all running servers have reloaded the ring. */
async function listAfterReload(config: Config): Promise<string> {
  await delay(2 * KEY_RING_INTERVAL_MS);
  return listKeys(config);
}

/** @throws KeyRingError if servers would not read, or not accept, what the command writes */
function existingFile(config: Config): string {
  const file = writableFile(config);
  if (config.production) requirePrivateFile(file);
  return file;
}

function writableFile({ keyRing }: Config): string {
  if (keyRing.json === undefined) return keyRing.file;
  throw new KeyRingError(
    'KEY_RING is set. Servers read it instead of KEY_RING_FILE, so changing the file would have no effect. Write the ring to a file, run this command with KEY_RING= KEY_RING_FILE=<that file>, and set KEY_RING to the new content of the file.',
  );
}

/** Removing the secret of active sessions would log their accounts out, and void the links of mails. */
async function requireUnused(config: Config, kid: string): Promise<void> {
  const database = await openExistingDatabase(config.database);
  try {
    const count = await database.session.count({ where: { refreshKeyId: kid, ...whereActive(new Date()) } });
    if (count > 0) {
      throw new KeyRingError(`${count} sessions use ${kid}. With --force these clients must log in again.`);
    }
    const links = await database.oneTimeToken.count({
      where: { keyId: kid, usedAt: null, supersededAt: null, expiresAt: { gt: new Date() } },
    });
    if (links > 0) {
      throw new KeyRingError(`${links} links in mails use ${kid}. With --force these people must request a new mail.`);
    }
  } finally {
    await database.$disconnect();
  }
}

/** Events with a MAC of a removed key cannot be verified any more. */
async function requireNoEvents(config: Config, kid: string): Promise<void> {
  const database = await openExistingDatabase(config.database);
  try {
    const count = await database.securityEvent.count({ where: { macKeyId: kid } });
    if (count > 0) {
      throw new KeyRingError(`${count} security events use ${kid}. With --force they cannot be verified any more.`);
    }
  } finally {
    await database.$disconnect();
  }
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
