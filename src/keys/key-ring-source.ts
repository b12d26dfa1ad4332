import type { Clock } from '../shared/clock.js';
import { fileVersion } from '../shared/file-version.js';
import type { Logger } from '../shared/logger.js';
import { KeyRingError } from './key-ring-jwks.js';
import { loadKeyRing } from './key-ring-file.js';
import type { KeyRing, KeyRingSettings } from './key-ring.js';

/** How often the key ring file is checked for changes. */
export const KEY_RING_INTERVAL_MS = 250;

export interface KeyRingSource {
  /** The current ring: the same object until it changes, so that callers can cache what they derive from it. */
  current(): KeyRing;
  stop(): void;
}

/**
 * Loads the key ring and reloads it when its file changes, so that key rotation needs no restart. If the file is missing,
 * or contains a ring that the start would reject, the server logs an error and keeps the ring that it has.
 * @throws KeyRingError if there is no usable ring at the start
 */
export function keyRingSource(settings: KeyRingSettings, clock: Clock, logger: Logger): KeyRingSource {
  const { file, json } = settings;
  // Before loading, so that the first check finds a change that happens in between.
  let version = json === undefined ? fileVersion(file) : undefined;
  let ring = loadKeyRing(settings, nowSeconds());
  if (json !== undefined) return { current: () => ring, stop: () => undefined };
  version ??= fileVersion(file); // if loading created the file

  const timer = setInterval(reloadIfChanged, KEY_RING_INTERVAL_MS).unref();
  return { current: () => ring, stop: () => clearInterval(timer) };

  function reloadIfChanged(): void {
    try {
      const found = fileVersion(file);
      if (found === version) return;
      version = found;
      // Outside production, loading would create a new ring.
      if (found === undefined) throw new KeyRingError(`The key ring ${file} does not exist any more.`);
      ring = loadKeyRing(settings, nowSeconds());
      logger.info({ event: 'key_ring.changed', keys: [...ring.signingKeys.keys()] }, 'reloaded the key ring');
    } catch (error) {
      logger.error(
        { event: 'key_ring.refused', err: error },
        'the key ring was rejected; the server keeps using the previous one',
      );
    }
  }

  function nowSeconds(): number {
    return Math.floor(clock.nowMs() / 1000);
  }
}
