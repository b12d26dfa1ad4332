// The program of a thread that hashes passwords: see hash-threads.ts.
import { setPriority } from 'node:os';
import process from 'node:process';
import { parentPort } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';
import type { HashJob } from './hash-threads.js';
import { LOWER_PRIORITY } from './lower-priority.js';

// On Linux this is the priority of this thread. Elsewhere it would be that of the whole process.
if (process.platform === 'linux') setPriority(LOWER_PRIORITY);

parentPort?.on('message', (job: HashJob) => {
  const { password } = job;
  parentPort?.postMessage('cost' in job ? hashSync(password, job.cost) : verifySync(job.storedHash, password));
});
