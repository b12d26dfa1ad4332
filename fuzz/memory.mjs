import { readFileSync } from 'node:fs';

/** By how much the median of the last quarter may exceed that of the second. The first quarter warms the server up. */
const MAX_GROWTH_MB = { heapUsed: 25, rss: 60 };
/** Less is a short run, which only fills caches. */
const LEAST_SAMPLES = 60;
const SHOWN = 12;

/** The series of a memory probe, in MB. */
export function memoryOf(file) {
  const samples = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const series = (name) => samples.map((sample) => Math.round(sample[name] / 1024 / 1024));
  const measured = { heapUsed: series('heapUsed'), rss: series('rss') };
  return { report: reportOf(measured), problem: problemOf(measured) };
}

function reportOf(measured) {
  return Object.entries(measured)
    .map(([name, values]) => {
      const step = Math.max(1, Math.ceil(values.length / SHOWN));
      const shown = values.filter((_, index) => index % step === 0 || index === values.length - 1);
      return `${name} ${shown.join(' → ')} MB`;
    })
    .join('\n');
}

function problemOf(measured) {
  if (measured.rss.length < LEAST_SAMPLES) return undefined;
  for (const [name, values] of Object.entries(measured)) {
    const quarter = Math.floor(values.length / 4);
    const growth = median(values.slice(-quarter)) - median(values.slice(quarter, 2 * quarter));
    if (growth > MAX_GROWTH_MB[name]) return `Memory (${name}) grew by ${growth} MB after the first quarter.`;
  }
  return undefined;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
