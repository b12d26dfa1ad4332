import { setTimeout as delay } from 'node:timers/promises';
import { auditEvents, deploy, createAccounts } from './deployment.mjs';
import { compareResources } from './resources.mjs';
import { databaseFaults, serverFaults } from './kinds.mjs';
import { openHistory } from './history.mjs';
import { LOG_IN } from './operations.mjs';
import { race } from './race.mjs';
import { randomness } from './random.mjs';
import { watchRecovery } from './recovery.mjs';
import { watchRevocations } from './revocations.mjs';
import { scheduleFaults } from './schedule.mjs';
import { runClient } from './client.mjs';
import { checkHistory } from './checker.mjs';
import { openWire } from './wire.mjs';

const CLIENTS = 24;

/**
 * A quiet phase, a faulty phase, recovery, a race, and the comparison of what was acknowledged with what is stored.
 * Pushes the functions that stop everything onto `undo`. Resolves to the contents of the report.
 */
export async function run({ seed, quietMs, faultyMs, races, directory, undo, log }) {
  const history = openHistory();
  const wire = openWire(history);
  undo.push(() => wire.close());
  const { postgres, servers, url, keyRingFile } = await deploy({ directory, undo, onFault: history.violation });
  const [watcher, racer, ...accounts] = await createAccounts(url, CLIENTS + 2);
  const logIn = async (account) => {
    const { email, password } = account;
    const reply = await wire.sendUntilServed(servers[0], { query: LOG_IN, variables: { input: { email, password } } });
    return history.loggedIn(account, reply.data.login);
  };
  const ownSession = await logIn(watcher);
  const racing = await logIn(racer);
  log(`PostgreSQL and ${servers.length} servers are ready in ${directory}`);

  let phase = 'quiet';
  let over = false;
  const revocations = watchRevocations({ wire, servers, history, phase: () => phase });
  const clients = accounts.map((account, index) => {
    const random = randomness(seed * 1000 + index);
    return runClient(account, { wire, servers, history, random, revocations, isOver: () => over });
  });
  await delay(quietMs);
  const resources = compareResources({ postgres, servers });
  await resources.before();

  phase = 'faulty';
  log('injecting faults');
  const random = randomness(seed);
  const schedule = scheduleFaults({
    lanes: [databaseFaults(postgres, servers, random), serverFaults(servers, random)],
    random,
    forMs: faultyMs,
    onEnd: (kind) => void recovery.watch(kind),
    log,
  });
  const recovery = watchRecovery({ wire, servers, history, session: ownSession, quietPeriod: schedule.quietPeriod });
  await schedule.finished;
  await recovery.watch('the last fault');
  over = true;
  await Promise.all(clients);
  await revocations.drain();
  log('all faults have ended, and every request has its response');

  const raced = await race({ wire, servers, history, session: racing, times: races });
  log('race finished');
  wire.close();
  await resources.after(history);
  const checked = await checkHistory({ wire, servers, history, postgres, accounts, random });
  await auditEvents({ url, keyRingFile }, history);
  const { acceptedMs } = revocations;
  return {
    seed,
    history,
    done: schedule.done,
    acceptedMs,
    recoveries: recovery.times,
    resources: resources.usage,
    raced,
    checked,
    servers,
  };
}
