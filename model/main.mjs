// Explores the refresh rule with the server's own decision. See docs/decisions/refresh-model.md. Run: npm run model.
// `-- TEXT` runs the experiments whose name contains TEXT, `-- --big` adds those with larger bounds. The exit code is 1 if
// an experiment has an unexpected result.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { GROUPS } from './experiments/groups.mjs';
import { BOUNDS, report } from './report.mjs';
import { run } from './run.mjs';

const { values, positionals } = parseArgs({
  options: { big: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [wanted = ''] = positionals;
let done = 0;
let unexpected = 0;

console.log(BOUNDS);
for (const { title, experiments, isBig } of GROUPS) {
  const chosen = experiments.filter(({ name }) => name.includes(wanted));
  if (chosen.length === 0 || (isBig && !values.big)) continue;
  console.log(`\n${title}`);
  for (const experiment of chosen) {
    const startedAt = performance.now();
    const outcome = await run(experiment);
    console.log(report(experiment, outcome, performance.now() - startedAt));
    done++;
    if (!outcome.isExpected) unexpected++;
  }
}

console.log(`\nexperiments: ${done}, with an unexpected result (marked with !): ${unexpected}`);
if (unexpected > 0 || done === 0) process.exitCode = 1;
