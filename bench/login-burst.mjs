// Measures reads and refreshes while many clients connect and log in at once.
// Run: npm run build && node bench/login-burst.mjs [logins] [rounds]
// The server has a core of its own, because clients on it would be measured too. The clients that log in have a thread of
// their own: in one thread, the measured clients would wait for them. The measured clients keep their connections, because
// the event loop accepts only one connection in each turn. The percentiles are of the requests of all rounds together.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { ask } from './answers.mjs';
import { keepApart } from './cores.mjs';
import { keptConnection } from './kept-connection.mjs';
import { casesOf } from './requests.mjs';
import { PROGRAMS, startServer } from './servers.mjs';
import { makeWorld } from './world.mjs';

/** Each sends one request after another with about this pause, so that the server is far from its limit without the logins. */
const CLIENTS = 8;
const PAUSE_MS = 100;
/** Well-behaved clients are measured for so long, without logins and after the burst arrived. */
const WATCH_MS = 3000;
/** Rounds that do not count: the first logins of a process run code that is not compiled yet. */
const WARM_UP = 3;

if (isMainThread) {
  process.chdir(join(import.meta.dirname, '..'));
  const [logins = 200, rounds = 10] = process.argv.slice(2).map(Number);
  keepApart();
  await measure(logins, rounds);
} else {
  const { port, material } = workerData;
  const { D } = casesOf(material);
  parentPort.on('message', async (logins) => {
    parentPort.postMessage(await Promise.all(Array.from({ length: logins }, () => logIn(port, D))));
  });
}

async function measure(logins, rounds) {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-burst-'));
  const world = await makeWorld({ directory, name: 'world', posts: 1000, sessions: 1000, accounts: 256 });
  const server = await startServer({
    program: PROGRAMS.tandem,
    database: world.copy('burst'),
    keyRingPath: world.keyRingPath,
    logPath: join(directory, 'burst.log'),
    environment: { LOGIN_ATTEMPTS_PER_ADDRESS: '1000000' },
  });
  const clients = new Worker(new URL(import.meta.url), { workerData: { port: server.port, material: world.material } });
  try {
    const { A, C } = casesOf(world.material);
    const results = { idle: [], burst: [] };
    const outcomes = {};
    for (let round = -WARM_UP; round < rounds; round += 1) {
      const idle = await watch(server.port, { A, C });
      const burst = once(clients, 'message');
      clients.postMessage(logins);
      const during = await watch(server.port, { A, C });
      const [all] = await burst;
      await delay(1000);
      if (round < 0) continue;
      results.idle.push(idle);
      results.burst.push(during);
      for (const outcome of all) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    for (const name of ['A', 'C']) {
      const [idle, burst] = [results.idle, results.burst].map((rounds) => summary(rounds.map((one) => one[name])));
      const ratios = ['p50', 'p99'].map(
        (field) =>
          `${field} ${idle[field].toFixed(1)} → ${burst[field].toFixed(1)} ms (×${(burst[field] / idle[field]).toFixed(1)})`,
      );
      const what = name === 'A' ? 'reads' : 'refreshes';
      process.stdout.write(`${what}: ${ratios.join(', ')}; ${burst.failed} not served\n`);
    }
    process.stdout.write(`logins: ${JSON.stringify(outcomes)}\n`);
  } finally {
    await clients.terminate();
    await server.stop();
    rmSync(directory, { recursive: true });
  }
}

/** What became of the login, and when. */
async function logIn(port, { next }) {
  const startedAt = performance.now();
  const { status } = await ask(port, next(0));
  return `${status} within ${Math.ceil((performance.now() - startedAt) / 1000)} s`;
}

/** Latencies of each case, in milliseconds, and how many requests failed. */
async function watch(port, cases) {
  const endsAt = performance.now() + WATCH_MS;
  const measured = {};
  const run = async (name, { next, accept }, at) => {
    const taken = (measured[name] ??= { milliseconds: [], failed: 0 });
    const connection = await keptConnection(port);
    let body;
    await delay(Math.random() * PAUSE_MS);
    while (performance.now() < endsAt) {
      const startedAt = performance.now();
      const reply = await connection.ask(next(at, body));
      taken.milliseconds.push(performance.now() - startedAt);
      ({ body } = reply);
      if (!accept(reply.status, body, at)) taken.failed += 1;
      await delay(PAUSE_MS * (0.5 + Math.random()));
    }
    connection.close();
  };
  const all = Object.entries(cases).flatMap(([name, one]) =>
    Array.from({ length: CLIENTS }, (_, at) => run(name, one, at)),
  );
  await Promise.all(all);
  return measured;
}

function summary(rounds) {
  const sorted = rounds.flatMap(({ milliseconds }) => milliseconds).toSorted((one, other) => one - other);
  const at = (quantile) => sorted[Math.floor((sorted.length - 1) * quantile)];
  return { p50: at(0.5), p99: at(0.99), failed: rounds.reduce((sum, { failed }) => sum + failed, 0) };
}
