// Loaded into the server (NODE_OPTIONS): appends its memory after a garbage collection to a file.
import { appendFileSync } from 'node:fs';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

const INTERVAL_MS = 2000;
const file = process.env.MEMORY_PROBE_FILE;

if (isMainThread && file) {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc');
  setInterval(() => {
    collectGarbage();
    const { rss, heapUsed, external } = process.memoryUsage();
    appendFileSync(file, `${JSON.stringify({ rss, heapUsed, external })}\n`);
  }, INTERVAL_MS).unref();
}
