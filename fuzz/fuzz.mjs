import fc from 'fast-check';
import { checkResponse } from './checks.mjs';
import { exchange } from './exchange.mjs';
import { requests } from './requests.mjs';

const RUNS_PER_ROUND = 100;
/** Memory is compared with the end of the warm-up. */
const WARM_UP_FRACTION = 0.4;
const MAX_GROWTH_MB = 150;

/** Sends requests until the time is up or a check fails. Each round has the next seed. */
export async function fuzz(server, { seed, forMs }) {
  const { port, secrets } = server;
  const statuses = {};
  const megabytes = [server.megabytes()];
  const request = requests(server);
  const from = performance.now();
  let sentRequests = 0;
  let failure;

  const property = fc.asyncProperty(request, async (bytes) => {
    const sent = await exchange(port, bytes);
    sentRequests += 1;
    for (const status of checkResponse(sent, secrets)) statuses[status] = (statuses[status] ?? 0) + 1;
    if (server.faults.length > 0) throw new Error(server.faults.splice(0).join('\n'));
  });

  for (let round = 0; failure === undefined && performance.now() - from < forMs; round += 1) {
    const result = await fc.check(property, { seed: seed * 10_000 + round, numRuns: RUNS_PER_ROUND });
    if (result.failed) {
      const [bytes] = result.counterexample ?? [];
      failure = `${result.errorInstance?.message}\nThe smallest request:\n${bytes && JSON.stringify(bytes.toString('latin1'))}`;
    }
    if (megabytes.length === 1 && performance.now() - from > forMs * WARM_UP_FRACTION)
      megabytes.push(server.megabytes());
  }
  megabytes.push(server.megabytes());
  failure ??= problemOf(server, megabytes);
  return { failure, requests: sentRequests, statuses, megabytes };
}

function problemOf({ log, secrets }, megabytes) {
  const text = log();
  const leaked = secrets.find((secret) => text.includes(secret));
  if (leaked !== undefined) return `The log contains a secret: ${leaked}`;
  const [warm, end] = megabytes.slice(-2);
  if (end - warm > MAX_GROWTH_MB) return `Memory grew from ${warm} to ${end} MB.`;
  return undefined;
}
