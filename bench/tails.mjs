// Measures the p99 latency while the server hashes passwords.
import { load } from './load.mjs';
import { medianOf } from './median.mjs';
import { CONNECTIONS, LOGINS_BESIDE } from './settings.mjs';

/** Latencies of A and C on Tandem, alone and while other clients log in without a pause. */
export async function tails(servers, settings) {
  const results = {};
  const { rounds, seconds } = settings;
  for (const { name: serverName, server, cases } of servers.filter(({ name }) => name.startsWith('tandem'))) {
    for (const name of ['A', 'C']) {
      const measured = { alone: [], beside: [] };
      for (let round = 0; round < rounds; round += 1) {
        const one = { server, ...cases[name], connections: CONNECTIONS, seconds, warmUpSeconds: 0.2 };
        measured.alone.push(await load(one));
        const logins = load({ ...one, ...cases.D, connections: LOGINS_BESIDE });
        const [result, { perSecond }] = await Promise.all([load(one), logins]);
        measured.beside.push({ ...result, loginsPerSecond: perSecond });
        server.dropLog();
      }
      (results[serverName] ??= {})[name] = { alone: medianOf(measured.alone), beside: medianOf(measured.beside) };
    }
  }
  return results;
}
