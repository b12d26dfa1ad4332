// The tables of docs/performance.md.

export const CASES = {
  A: 'one post with its author, by id',
  B: '20 posts with their authors, another page each time',
  C: 'chained refreshes, `synchronous=FULL`',
  D: 'logins',
  E: 'a refused request (expired token)',
  F: 'a mix of A, B, C and E',
};

/** Each target of the project, with the measured value. */
export function ratioTable({ cases, argon2, tail, grown, starts, memory }) {
  const rate = (name, server) => cases[name][server].perSecond;
  const ratio = (name, server, other) => rate(name, server) / rate(name, other);
  const growthOf = (server, name) => grown[server][name].large.perSecond / grown[server][name].small.perSecond;
  const tailOf = (name) => tail.tandem[name].beside.p99 / tail.tandem[name].beside.p50;
  const least = (what, value, target) => [what, value.toFixed(2), `≥ ${target.toFixed(2)}`, value >= target];
  const most = (what, value, target, unit) => [
    what,
    `${value.toFixed(unit === 'MB' ? 0 : 2)} ${unit}`,
    `≤ ${target} ${unit}`,
    value <= target,
  ];
  return table(
    ['', 'reached', 'target', ''],
    [
      ...[
        ['A', 0.4],
        ['B', 0.4],
        ['C', 0.5],
      ].map(([name, target]) => least(`${name} against the limit`, ratio(name, 'tandem', 'limit'), target)),
      ...[
        ['A', 1.1],
        ['B', 1.1],
        ['C', 1.5],
      ].map(([name, target]) => least(`${name} against minimal Apollo`, ratio(name, 'tandem', 'apollo'), target)),
      least('D against the raw argon2 calls', rate('D', 'tandem') / argon2.perSecond, 0.9),
      least('E against A', rate('E', 'tandem') / rate('A', 'tandem'), 1),
      ...Object.keys(grown).flatMap((server) =>
        ['A', 'B', 'C'].map((name) => {
          const where = server === 'tandem' ? '' : `, ${server}`;
          return least(`${name} with many rows against few${where}`, growthOf(server, name), 0.8);
        }),
      ),
      ...['A', 'C'].map((name) => most(`${name}, p99 against p50, while logins run beside`, tailOf(name), 3, 'times')),
      most('first login after spawn', starts.tandem, 1, 's'),
      most('memory when idle', memory.idle.tandem.now, 130, 'MB'),
      most('memory under load, at most', memory.loaded.tandem.most, 250, 'MB'),
    ].map(([what, value, target, met]) => [what, value, target, met ? 'met' : '**not met**']),
  );
}

export function casesTable({ cases, argon2 }) {
  return Object.entries(CASES)
    .filter(([name]) => name in cases)
    .map(([name, what]) => {
      const limit = cases[name].limit.perSecond;
      const rows = Object.entries(cases[name]).map(([server, result]) => [
        server,
        count(result.perSecond),
        (result.perSecond / limit).toFixed(2),
        milliseconds(result.p50),
        milliseconds(result.p99),
        count(result.processorMicroseconds),
      ]);
      if (name === 'D' && argon2)
        rows.push(['raw argon2 calls', count(argon2.perSecond), (argon2.perSecond / limit).toFixed(2), '', '', '']);
      const head = [`${name}: ${what}`, 'per second', 'of the limit', 'p50, ms', 'p99, ms', 'processor, µs'];
      return table(head, rows);
    })
    .join('\n\n');
}

export function tailTable({ tail }) {
  const head = ['', 'alone: p50, ms', 'p99, ms', 'beside logins: p50, ms', 'p99, ms', 'p99 / p50', 'logins per second'];
  const rows = Object.entries(tail).flatMap(([server, cases]) =>
    Object.entries(cases).map(([name, { alone, beside }]) => [
      `${server}, ${name}`,
      milliseconds(alone.p50),
      milliseconds(alone.p99),
      milliseconds(beside.p50),
      milliseconds(beside.p99),
      (beside.p99 / beside.p50).toFixed(2),
      count(beside.loginsPerSecond),
    ]),
  );
  return table(head, rows);
}

/** Case A with few auth tokens, which are cached, and with more than the cache can hold. */
export function distinctTable({ distinct: { few, many }, settings }) {
  const rows = Object.keys(few).map((server) => [
    server,
    count(few[server].perSecond),
    count(many[server].perSecond),
    count(few[server].processorMicroseconds),
    count(many[server].processorMicroseconds),
  ]);
  const tokens = `${settings.distinctTokens.toLocaleString('en')} tokens`;
  return table(
    ['A, ES256', '32 tokens: per second', `${tokens}: per second`, '32: processor, µs', 'many: processor, µs'],
    rows,
  );
}

export function growthTable({ grown, settings }) {
  const { posts, sessions } = settings.growth;
  const rows = Object.entries(grown).flatMap(([server, cases]) =>
    Object.entries(cases).map(([name, { small, large }]) => [
      `${server}, ${name}`,
      count(small.perSecond),
      count(large.perSecond),
      (large.perSecond / small.perSecond).toFixed(2),
    ]),
  );
  const large = `${posts.toLocaleString('en')} posts, ${sessions.toLocaleString('en')} sessions`;
  return table(['per second', '1,000 of each', large, 'ratio'], rows);
}

export function otherTable({ starts, memory: { idle, loaded } }) {
  const rows = Object.keys(idle).map((server) => [
    server,
    starts[server] === undefined ? '' : `${starts[server].toFixed(2)} s`,
    `${idle[server].now.toFixed(0)} MB`,
    `${loaded[server].now.toFixed(0)} MB`,
    `${loaded[server].most.toFixed(0)} MB`,
  ]);
  return table(['', 'spawn to first login', 'idle', 'after load', 'at most'], rows);
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n');
}

const count = (value) => (value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en'));
const milliseconds = (value) => value.toFixed(2);
