import { fileVersion } from '../../shared/file-version.js';
import type { Logger } from '../../shared/logger.js';
import { readManifest, type Manifest } from './manifest.js';

/** How often the file is checked for changes. */
const INTERVAL_MS = 250;

export interface ManifestSource {
  current(): Manifest;
  stop(): void;
}

/**
 * Loads the manifest and reloads it when its file changes. If the changed file is not usable, the server logs an error
 * and keeps the manifest that it has.
 * @throws OperatorError if there is no usable manifest at the start
 */
export function manifestSource(file: string, logger: Logger): ManifestSource {
  // Before loading, so that the first check finds a change that happens in between.
  let version = fileVersion(file);
  let manifest = readManifest(file);
  const timer = setInterval(reloadIfChanged, INTERVAL_MS).unref();
  return { current: () => manifest, stop: () => clearInterval(timer) };

  function reloadIfChanged(): void {
    const found = fileVersion(file);
    if (found === version) return;
    version = found;
    try {
      manifest = readManifest(file);
      const documents = manifest.texts.size;
      logger.info({ event: 'trusted_documents.changed', documents }, 'reloaded the trusted documents');
    } catch (error) {
      logger.error(
        { event: 'trusted_documents.refused', err: error },
        'the trusted documents were rejected; the server keeps using the previous ones',
      );
    }
  }
}
