// The program of the thread that estimates how hard passwords are to guess: see password-scoring.ts.
import { setPriority } from 'node:os';
import process from 'node:process';
import { parentPort } from 'node:worker_threads';
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary as common } from '@zxcvbn-ts/language-common';
import { dictionary as english } from '@zxcvbn-ts/language-en';
import { LOWER_PRIORITY } from './lower-priority.js';
import type { ScoringJob } from './password-scoring.js';

// On Linux this is the priority of this thread. Elsewhere it would be that of the whole process.
if (process.platform === 'linux') setPriority(LOWER_PRIORITY);

/** With the default, 100, 64 random characters take four times as long. */
const MOST_SUBSTITUTIONS = 20;

const zxcvbn = new ZxcvbnFactory({
  dictionary: { ...common, ...english },
  graphs: adjacencyGraphs,
  l33tMaxSubstitutions: MOST_SUBSTITUTIONS,
});

parentPort?.on('message', ({ forms, context }: ScoringJob) => {
  parentPort?.postMessage(Math.min(...forms.map((form) => zxcvbn.check(form, [...context]).score)));
});
