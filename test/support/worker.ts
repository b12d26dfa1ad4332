import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scratch } from './scratch.js';

/** Writes the program of a worker thread, and returns its path. */
export function writeWorker({ path }: Scratch, text: string): string {
  const program = join(path, 'worker.mjs');
  writeFileSync(program, `import { parentPort, threadId } from 'node:worker_threads';\n${text}`);
  return program;
}
