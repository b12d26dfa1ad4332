// Injects faults at random moments into PostgreSQL and three servers under a mixed load. Then compares everything that
// the servers acknowledged with what is stored. See docs/faults.md. Run: npm run faults
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { report } from './report.mjs';
import { run } from './run.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '3' }, // how long faults are injected
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    quick: { type: 'boolean', default: false }, // a short run of everything
    race: { type: 'boolean', default: false }, // no faults, only the race
    keep: { type: 'boolean', default: false }, // keeps the logs and the database
  },
});
const length = values.race
  ? { quietMs: 0, faultyMs: 0, races: 200 }
  : values.quick
    ? { quietMs: 3000, faultyMs: 12_000, races: 20 }
    : { quietMs: 20_000, faultyMs: Number(values.minutes) * 60_000, races: 200 };

const directory = mkdtempSync(join(tmpdir(), 'tandem-faults-'));
const undo = [];
let cleanedUp;

/** Stops all processes and removes all files of the run, once. */
function cleanUp() {
  cleanedUp ??= (async () => {
    for (const step of undo.reverse()) await step();
    if (!values.keep) rmSync(directory, { recursive: true, force: true });
  })();
  return cleanedUp;
}

for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => void cleanUp().then(() => process.exit(130)));

const startedAt = performance.now();
const log = (text) => console.log(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${text}`);
try {
  const outcome = await run({ seed: Number(values.seed), ...length, directory, undo, log });
  console.log(report(outcome).join('\n'));
  if (outcome.history.violations.size > 0) process.exitCode = 1;
} finally {
  await cleanUp();
}
