// The cases, in rounds: each round sends every case to every server, so that a disturbance of the machine affects all
// servers alike. The order of the servers is reversed in every second round: the server that follows a slow one measures
// up to 10 % slower in case C, even when a version is compared with itself.
import { load } from './load.mjs';
import { medianOf } from './median.mjs';
import { CONNECTIONS, LOGINS_AT_ONCE } from './settings.mjs';

/** Medians of the rounds: { [case]: { [server]: { perSecond, p50, p99, processorMicroseconds } } }. */
export async function rounds(servers, settings, names = ['A', 'B', 'C', 'D', 'E', 'F']) {
  const measured = {};
  for (let round = 0; round < settings.rounds; round += 1) {
    for (const name of names) {
      for (const { name: serverName, server, cases } of round % 2 === 0 ? servers : servers.toReversed()) {
        // A login takes its time: fewer at once over a longer time, or the last ones on their way would weigh too much.
        const slow = name === 'D' && { connections: LOGINS_AT_ONCE, seconds: settings.loginSeconds };
        // Compilers warm up once, with each way of a request that there is; after that a moment is enough.
        const warmUpSeconds = round === 0 && !'EF'.includes(name) ? settings.warmUpSeconds : 0.2;
        const { seconds } = settings;
        const result = await load({
          server,
          ...cases[name],
          connections: CONNECTIONS,
          seconds,
          warmUpSeconds,
          ...slow,
        });
        server.dropLog();
        ((measured[name] ??= {})[serverName] ??= []).push(result);
      }
    }
  }
  return mapped(measured, (byServer) => mapped(byServer, medianOf));
}

function mapped(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
