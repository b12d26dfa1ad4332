// Measures the time from spawn to the response to the first login. The build and the migrations are done before.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ask } from './answers.mjs';
import { median } from './median.mjs';
import { casesOf } from './requests.mjs';
import { PROGRAMS, startServer } from './servers.mjs';

/** The median seconds of each server, and the memory of its process one second later. */
export async function coldStarts(world, directory, settings) {
  const taken = {};
  const { next, accept } = casesOf(world.material).D;
  for (let start = 0; start < settings.starts; start += 1) {
    for (const [name, program] of Object.entries(PROGRAMS)) {
      const options = { program, database: world.copy(`start-${name}`), keyRingPath: world.keyRingPath };
      const server = await startServer({ ...options, logPath: join(directory, `start-${name}.log`) });
      try {
        const { status, body } = await ask(server.port, next(0));
        const seconds = (performance.now() - server.startedAt) / 1000;
        if (!accept(status, body)) throw new Error(`${name} rejected the first login: ${body}`);
        (taken[name] ??= []).push(seconds);
        await delay(100);
      } finally {
        await server.stop();
      }
    }
  }
  return Object.fromEntries(Object.entries(taken).map(([name, seconds]) => [name, median(seconds)]));
}
