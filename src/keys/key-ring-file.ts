import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { AuthTokenAlgorithm, KeyRing, KeyRingSettings } from './key-ring.js';
import { generateRefreshKey, generateSigningKey, type PrivateJwk } from './key-generation.js';
import { KeyRingError, kidOf, parseKeyRing } from './key-ring-jwks.js';

const READABLE_BY_OTHERS = 0o077;
const HOW_TO_MAKE_ONE = 'Make one with: npm run keys -- init';

/**
 * The ring that the configuration names. Outside production a missing file is made, and a missing kind of key added;
 * in production both refuse to start.
 * @throws KeyRingError
 */
export function loadKeyRing(settings: KeyRingSettings, nowSeconds: number): KeyRing {
  const { json, file, algorithm, production } = settings;
  if (json !== undefined) return complete(parseKeyRing(json), 'KEY_RING', algorithm);
  if (!existsSync(file)) {
    if (production) throw new KeyRingError(`There is no key ring at ${file}. ${HOW_TO_MAKE_ONE}`);
    createKeyRingFile(file, algorithm, nowSeconds);
  }
  if (production && statSync(file).mode & READABLE_BY_OTHERS) {
    throw new KeyRingError(
      `The key ring ${file} can be read by others than its owner. Mend it with: chmod 600 ${file}`,
    );
  }
  const ring = parseKeyRing(readFileSync(file, 'utf8'));
  const missing = missingKeys(ring, algorithm, nowSeconds);
  if (missing.length === 0) return ring;
  if (production) return complete(ring, file, algorithm);
  addToKeyRingFile(file, missing);
  return parseKeyRing(readFileSync(file, 'utf8'));
}

/** Writes a new ring, readable by its owner only. When two processes start at once, the first one's ring stays. */
export function createKeyRingFile(file: string, algorithm: AuthTokenAlgorithm = 'ES256', nowSeconds: number): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = writeDraft(file, [generateSigningKey(algorithm, nowSeconds), generateRefreshKey(nowSeconds)]);
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}

/** Adds keys to a ring. @throws KeyRingError, and changes nothing, when it would not be a usable ring afterwards */
export function addToKeyRingFile(file: string, keys: readonly object[]): void {
  replaceKeys(file, [...keysIn(file), ...keys]);
}

/** Takes a key out of a ring. @throws KeyRingError, and changes nothing, when it would not be usable afterwards */
export function removeFromKeyRingFile(file: string, kid: string): void {
  replaceKeys(
    file,
    keysIn(file).filter((jwk) => kidOf(jwk) !== kid),
  );
}

function keysIn(file: string): PrivateJwk[] {
  const text = readFileSync(file, 'utf8');
  parseKeyRing(text);
  return (JSON.parse(text) as { keys: PrivateJwk[] }).keys;
}

/** In one rename, so that nobody ever reads half a file. */
function replaceKeys(file: string, keys: readonly object[]): void {
  complete(parseKeyRing(JSON.stringify({ keys })), file, undefined);
  renameSync(writeDraft(file, keys), file);
}

function writeDraft(file: string, keys: readonly object[]): string {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, `${JSON.stringify({ keys }, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
  return draft;
}

function missingKeys(ring: KeyRing, algorithm: AuthTokenAlgorithm | undefined, nowSeconds: number): PrivateJwk[] {
  const signs = [...ring.signingKeys.values()].some((key) => !algorithm || key.algorithm === algorithm);
  return [
    ...(signs ? [] : [generateSigningKey(algorithm ?? 'ES256', nowSeconds)]),
    ...(ring.refreshKeys.size > 0 ? [] : [generateRefreshKey(nowSeconds)]),
  ];
}

function complete(ring: KeyRing, source: string, algorithm: AuthTokenAlgorithm | undefined): KeyRing {
  const [missing] = missingKeys(ring, algorithm, 0);
  if (!missing) return ring;
  const what =
    missing.use === 'sig' ? `a signing key${algorithm ? ` for ${algorithm}` : ''}` : 'a secret for refresh tokens';
  throw new KeyRingError(
    `The key ring ${source} lacks ${what}. ${HOW_TO_MAKE_ONE}, or add a key with: npm run keys -- rotate`,
  );
}
