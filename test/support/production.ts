import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyRingFile } from '../../src/keys/key-ring-writing.js';
import { PRODUCTION, startTandem, type Tandem } from './harness.js';

/** Starts a server in production mode, with a key ring as an operator creates it. */
export async function startProduction(environment: Record<string, string> = {}): Promise<Tandem> {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-'));
  const keyRingPath = join(directory, 'key-ring.json');
  createKeyRingFile(keyRingPath, 'ES256', 0);
  const tandem = await startTandem({ ...PRODUCTION, KEY_RING_FILE: keyRingPath, ...environment });
  return {
    ...tandem,
    async close() {
      await tandem.close();
      rmSync(directory, { recursive: true });
    },
  };
}
