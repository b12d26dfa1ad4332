import { statSync } from 'node:fs';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import { loadKeyRing } from './key-ring-file.js';
import type { KeyRing, KeyRingSettings } from './key-ring.js';

/** How often the key ring file is checked for changes. */
export const KEY_RING_INTERVAL_MS = 250;

export interface KeyRingSource {
  /** The ring as it is now: the same object until it changes, so that what is derived from it can be kept. */
  current(): KeyRing;
  stop(): void;
}

/**
 * Loads the key ring and follows its file, so that keys come and go without a restart. A file that is gone, or holds a
 * ring that would not be accepted at start, changes nothing and is logged.
 * @throws KeyRingError when there is no usable ring to begin with
 */
export function keyRingSource(settings: KeyRingSettings, clock: Clock, logger: Logger): KeyRingSource {
  const { file, json } = settings;
  // Before loading: a change in between is found by the first look.
  let version = json === undefined ? versionOf(file) : undefined;
  let ring = loadKeyRing(settings, nowSeconds());
  if (json !== undefined) return { current: () => ring, stop: () => undefined };
  version ??= versionOf(file); // it has just been made

  const timer = setInterval(look, KEY_RING_INTERVAL_MS).unref();
  return { current: () => ring, stop: () => clearInterval(timer) };

  function look(): void {
    try {
      const found = versionOf(file);
      if (found === version) return;
      version = found;
      // A file that is gone while the server runs is a mistake and not a wish for a new ring.
      if (found === undefined) throw new Error(`The key ring ${file} is gone.`);
      ring = loadKeyRing(settings, nowSeconds());
      logger.info({ event: 'key_ring.changed', keys: [...ring.signingKeys.keys()] }, 'the key ring was read again');
    } catch (error) {
      logger.error({ event: 'key_ring.refused', err: error }, 'the key ring could not be read; the one in use stays');
    }
  }

  function nowSeconds(): number {
    return Math.floor(clock.nowMs() / 1000);
  }
}

/** Differs whenever the file was replaced or written. */
function versionOf(file: string): string | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat && `${stat.ino} ${stat.mtimeMs} ${stat.size}`;
}
