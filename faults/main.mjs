// The day that everything fails: PostgreSQL and three servers under a mixed load, and faults at random moments. Then
// everything that was acknowledged is compared with what is there. See docs/faults.md. Run: npm run faults
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { report } from './report.mjs';
import { run } from './run.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '3' }, // of faults
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    quick: { type: 'boolean', default: false }, // little of everything
    race: { type: 'boolean', default: false }, // no faults, only the race
    keep: { type: 'boolean', default: false }, // the logs and the database, to look at
  },
});
const length = values.race
  ? { quietMs: 0, faultyMs: 0, races: 200 }
  : values.quick
    ? { quietMs: 3000, faultyMs: 12_000, races: 20 }
    : { quietMs: 20_000, faultyMs: Number(values.minutes) * 60_000, races: 200 };

const directory = mkdtempSync(join(tmpdir(), 'tandem-faults-'));
const undo = [];
let undone;

/** Ends everything that was started and removes everything that was written, once. */
function tidyUp() {
  undone ??= (async () => {
    for (const step of undo.reverse()) await step();
    if (!values.keep) rmSync(directory, { recursive: true, force: true });
  })();
  return undone;
}

for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => void tidyUp().then(() => process.exit(130)));

const startedAt = performance.now();
const log = (text) => console.log(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${text}`);
try {
  const outcome = await run({ seed: Number(values.seed), ...length, directory, undo, log });
  console.log(report(outcome).join('\n'));
  if (outcome.ledger.violations.size > 0) process.exitCode = 1;
} finally {
  await tidyUp();
}
