// Writes the results: the tables of docs/performance.md, its plot, and all numbers as JSON.
import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { plot } from './plot.mjs';
import { casesTable, distinctTable, growthTable, otherTable, ratioTable, tailTable } from './tables.mjs';

const PAGE = 'docs/performance.md';
/** The part of the page that a run replaces. */
const MEASURED = /(<!-- measured -->)[^]*(<!-- \/measured -->)/;

/** The tables as Markdown. */
export function summaryOf(results) {
  const { machine } = results;
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `Measured on ${machine.date}: ${machine.cores} cores (${machine.processor}), ${machine.memoryGb} GB, ${machine.system}; ${versions.join(', ')}.` +
      (machine.apart ? '' : ' **Servers and load shared their cores: the ratios are of little worth.**'),
    '### Against the targets',
    ratioTable(results),
    '### Requests per second, and latency',
    casesTable(results),
    '### While logins run beside',
    tailTable(results),
    '### With many auth tokens',
    distinctTable(results),
    '### With more rows',
    growthTable(results),
    '### Start and memory',
    otherTable(results),
  ].join('\n\n');
}

export async function writeReport(results) {
  const page = readFileSync(PAGE, 'utf8').replace(MEASURED, `$1\n\n${summaryOf(results)}\n\n$2`);
  writeFileSync(PAGE, await format(page, { parser: 'markdown' }));
  writeFileSync('docs/performance.json', await format(JSON.stringify(results), { parser: 'json' }));
  writeFileSync('docs/performance.svg', plot(results));
}
