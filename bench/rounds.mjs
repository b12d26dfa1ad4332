// Measures in rounds. Each round sends every case to every server, so that a disturbance of the machine affects all of
// them. Every second round reverses the order of the servers: a server that follows a slow one measures up to 10 % slower
// in case C, even if both are the same version.
import { load } from './load.mjs';
import { medianOf } from './median.mjs';
import { CONNECTIONS, LOGINS_AT_ONCE } from './settings.mjs';

/** Medians of the rounds: { [case]: { [server]: { perSecond, p50, p99, processorMicroseconds } } }. */
export async function rounds(servers, settings, names = ['A', 'B', 'C', 'D', 'E', 'F']) {
  const measured = {};
  for (let round = 0; round < settings.rounds; round += 1) {
    for (const name of names) {
      for (const { name: serverName, server, cases } of round % 2 === 0 ? servers : servers.toReversed()) {
        // A login is slow. With few logins in a short time, those in flight at the end would distort the rate.
        const slow = name === 'D' && { connections: LOGINS_AT_ONCE, seconds: settings.loginSeconds };
        // The first round warms up the compiler on every code path. After that a short warm-up is enough.
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
