// Another version of Tandem to compare with: BENCH_BASELINE is the folder of a built checkout.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { startServer } from './servers.mjs';

export const BASELINE = 'tandem before';

/** The command that starts the baseline; undefined if there is no baseline. */
export function baselineProgram() {
  const folder = process.env.BENCH_BASELINE;
  if (!folder) return undefined;
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return { args: scripts.start.split(' ').slice(1), cwd: resolve(folder) };
}

/** A copy of the data for a version with other migrations, which creates the tables itself. */
export async function baselineDatabase(program, world, directory) {
  const database = join(directory, 'baseline.db');
  const server = await startServer({
    program,
    database,
    keyRingPath: world.keyRingPath,
    logPath: join(directory, 'baseline.log'),
  });
  await server.stop();
  world.fill(database);
  return database;
}
