import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pinned } from './cores.mjs';
import { median } from './median.mjs';
import { CORES_OF_SERVER } from './settings.mjs';

const run = promisify(execFile);

/** Verifications per second that the raw calls reach on the servers' core, with as many at once as it can use. */
export async function argon2Reference({ rounds, loginSeconds }) {
  const results = [];
  for (let round = 0; round < rounds; round += 1) {
    const script = join('bench', 'references', 'argon2.mjs');
    const [command, ...args] = pinned([process.execPath, script, String(CORES_OF_SERVER), String(loginSeconds)]);
    results.push(JSON.parse((await run(command, args)).stdout).perSecond);
  }
  return { perSecond: median(results) };
}
