import type { KeyRing, KeyRingSettings } from './key-ring.js';
import { KeyRingError, parseKeyRing } from './key-ring-jwks.js';
import { KEYS_INIT, missingKeys, requireAllKinds } from './key-ring-kinds.js';
import { keyRingFileExists, readKeyRingFile, requirePrivateFile } from './key-ring-reading.js';
import { addToKeyRingFile, createKeyRingFile } from './key-ring-writing.js';

/**
 * Loads the ring that the settings name. Outside production it creates a missing file and adds a missing kind of key.
 * In production it rejects both.
 * @throws KeyRingError
 */
export function loadKeyRing(settings: KeyRingSettings, nowSeconds: number): KeyRing {
  const { json, file, algorithm, production } = settings;
  if (json !== undefined) return requireAllKinds(parseKeyRing(json, 'KEY_RING'), 'KEY_RING', algorithm);
  if (!keyRingFileExists(file)) {
    if (production) throw new KeyRingError(`There is no key ring at ${file}. Create one with: ${KEYS_INIT}`);
    createKeyRingFile(file, algorithm, nowSeconds);
  }
  if (production) requirePrivateFile(file);
  const ring = readKeyRingFile(file);
  const missing = missingKeys(ring, algorithm, nowSeconds);
  if (missing.length === 0) return ring;
  if (production) return requireAllKinds(ring, file, algorithm);
  addToKeyRingFile(file, missing);
  return readKeyRingFile(file);
}
