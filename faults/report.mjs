/** What a run has to say, as lines. */
export function report({ ledger, seed, done, acceptedMs, recoveries, held, found, raced, servers }) {
  const { counts } = ledger;
  const listed = (entries) =>
    Object.entries(entries)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'none';
  return [
    `seed ${seed}`,
    `faults          ${listed(done)}`,
    `acknowledged    ${listed(counts)}`,
    `answers         ${listed(ledger.statuses)}; lost: ${listed(ledger.losses)}`,
    `longest answer  ${Math.round(ledger.longest().ms)} ms, ${ledger.longest().what}`,
    `recovery        ${spread(recoveries.map(({ ms }) => ms))}; ${slowest(recoveries)}`,
    `revoked, quiet  ${spread(acceptedMs.quiet)} until refused`,
    `revoked, faulty ${spread(acceptedMs.faulty)} until refused`,
    `race            ${raced.times} times 50 refreshes of one token in ${raced.seconds.toFixed(1)} s`,
    `checked         ${listed(found)}`,
    `failed starts   ${spread(servers.flatMap(({ failedStarts }) => failedStarts))} until they ended`,
    ...Object.entries(held).map(([when, taken]) => `held ${when.padEnd(10)} ${holding(taken)}`),
    ...[...ledger.violations].flatMap(([kind, { count, details }]) => [
      `VIOLATION       ${kind}: ${count}`,
      ...details.map((detail) => `                ${detail}`),
    ]),
    ledger.violations.size === 0 ? 'Nothing that was promised was broken.' : 'Promises were broken.',
  ];
}

function holding({ connections, idle, servers }) {
  const each = servers.map(({ megabytes, files }) => `${megabytes} MB ${files} files`).join(', ');
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
