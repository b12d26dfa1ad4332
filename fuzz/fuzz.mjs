import fc from 'fast-check';
import { checkResponse } from './checks.mjs';
import { choices } from './choices.mjs';
import { converse, conversation } from './conversation.mjs';
import { createCoverage } from './coverage.mjs';
import { exchange } from './exchange.mjs';
import { requests } from './requests.mjs';

const RUNS_PER_ROUND = 50;
const MOST_CONNECTIONS = 3;
const SHRINKS_FOR_MS = 60_000;
const MOST_BUSY = 0.01;

/** Sends requests until the time is up or a check fails. Each round has the next seed. */
export async function fuzz(server, { seed, forMs }) {
  const { port, secrets, world, tokens } = server;
  const statuses = {};
  const coverage = createCoverage();
  const count = (status) => (statuses[status] = (statuses[status] ?? 0) + 1);
  const brokenRequest = () => broken;
  const broken = requests(tokens);
  const from = performance.now();
  const until = from + forMs;
  let failure;

  const property = fc.asyncProperty(fc.gen(), async (gen) => {
    await server.replaceSessions();
    const choose = choices(gen);
    const connections = Array.from({ length: 1 + choose.int(MOST_CONNECTIONS) }, () =>
      choose.chance(30) ? { bytes: choose.of(brokenRequest) } : conversation(choose, { world, tokens, coverage }),
    );
    await Promise.all(
      connections.map(async (connection) => {
        try {
          if (connection.requests) await converse(connection, { port, secrets, world, coverage, count });
          else checkResponse((await exchange(port, connection.bytes)).toString(), secrets).forEach(count);
        } catch (error) {
          throw new Error(`${error.stack}\nThe requests:\n${JSON.stringify(connection.bytes.toString('latin1'))}`);
        }
      }),
    );
    if (server.faults.length > 0) throw new Error(server.faults.splice(0).join('\n'));
    const leaked = secrets.find(server.newLogLines());
    if (leaked !== undefined) throw new Error(`The log contains a secret: ${leaked}`);
  });

  for (let round = 0; failure === undefined && performance.now() < until; round += 1) {
    const result = await fc.check(property, {
      seed: seed * 10_000 + round,
      numRuns: RUNS_PER_ROUND,
      interruptAfterTimeLimit: Math.max(until - performance.now(), SHRINKS_FOR_MS),
    });
    if (result.failed) failure = result.errorInstance?.message ?? 'unknown';
  }
  const total = Object.values(statuses).reduce((sum, number) => sum + number, 0);
  const perSecond = total / ((performance.now() - from) / 1000);
  if ((statuses[503] ?? 0) > total * MOST_BUSY) failure ??= `${statuses[503]} of ${total} responses are 503.`;
  failure ??= coverage.problem();
  return { failure, total, perSecond, statuses, coverage: coverage.report() };
}
