/** The lines of the report of a run. */
export function report({ history, seed, done, acceptedMs, recoveries, resources, checked, raced, servers }) {
  const { counts } = history;
  const listed = (entries) =>
    Object.entries(entries)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'none';
  return [
    `seed ${seed}`,
    `faults          ${listed(done)}`,
    `acknowledged    ${listed(counts)}`,
    `responses       ${listed(history.statuses)}; without a response: ${listed(history.losses)}`,
    `slowest         ${Math.round(history.longest().ms)} ms, ${history.longest().what}`,
    `recovery        ${spread(recoveries.map(({ ms }) => ms))}; ${slowest(recoveries)}`,
    `revoked, quiet  ${spread(acceptedMs.quiet)} until rejected`,
    `revoked, faulty ${spread(acceptedMs.faulty)} until rejected`,
    `race            ${raced.times} × 50 parallel refreshes of one token in ${raced.seconds.toFixed(1)} s`,
    `checked         ${listed(checked)}`,
    `failed starts   ${spread(servers.flatMap(({ failedStarts }) => failedStarts))}`,
    ...Object.entries(resources).map(([when, usage]) => `${when.padEnd(15)} ${usageOf(usage)}`),
    ...[...history.violations].flatMap(([kind, { count, details }]) => [
      `VIOLATION       ${kind}: ${count}`,
      ...details.map((detail) => `                ${detail}`),
    ]),
    history.violations.size === 0 ? 'No promise was broken.' : 'Promises were broken.',
  ];
}

function usageOf({ connections, idle, servers }) {
  const each = servers.map(({ megabytes, files }) => `${megabytes} MB and ${files} files`).join(', ');
  return `${connections} connections, ${idle} idle in a transaction; ${each}`;
}

function slowest(recoveries) {
  const sorted = recoveries.toSorted((one, other) => other.ms - one.ms).slice(0, 3);
  return `slowest after ${sorted.map(({ kind, ms }) => `${kind} (${Math.round(ms)} ms)`).join(', ')}`;
}

function spread(milliseconds) {
  if (milliseconds.length === 0) return 'nothing measured';
  const sorted = [...milliseconds].sort((one, other) => one - other);
  const at = (part) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]);
  return `p50 ${at(0.5)} p99 ${at(0.99)} max ${at(1)} ms of ${sorted.length}`;
}
