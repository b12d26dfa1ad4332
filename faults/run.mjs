import { setTimeout as delay } from 'node:timers/promises';
import { auditEvents, deploy, openAccounts } from './deployment.mjs';
import { compareHoldings } from './holdings.mjs';
import { databaseFaults, serverFaults } from './kinds.mjs';
import { openLedger } from './ledger.mjs';
import { LOG_IN } from './operations.mjs';
import { race } from './race.mjs';
import { randomness } from './random.mjs';
import { watchRecovery } from './recovery.mjs';
import { watchRevocations } from './revocations.mjs';
import { scheduleFaults } from './schedule.mjs';
import { liveAs } from './user.mjs';
import { judge } from './verdicts.mjs';
import { openWire } from './wire.mjs';

const USERS = 24;

/**
 * A quiet phase, a faulty one, recovery, a race, and then the comparison of what was acknowledged with what is there.
 * `undo` collects what ends everything that was started. Resolves to all that a report says.
 */
export async function run({ seed, quietMs, faultyMs, races, directory, undo, log }) {
  const ledger = openLedger();
  const wire = openWire(ledger);
  undo.push(() => wire.hangUp());
  const { postgres, servers, url, keyRingFile } = await deploy({ directory, undo, onFault: ledger.violation });
  const [watcher, racer, ...accounts] = await openAccounts(url, USERS + 2);
  const logIn = async (account) => {
    const { email, password } = account;
    const reply = await wire.ask(servers[0], { query: LOG_IN, variables: { input: { email, password } } });
    return ledger.loggedIn(account, reply.data.login);
  };
  const ownSession = await logIn(watcher);
  const racing = await logIn(racer);
  log(`PostgreSQL and ${servers.length} servers are there, in ${directory}`);

  let phase = 'quiet';
  let over = false;
  const revocations = watchRevocations({ wire, servers, ledger, phase: () => phase });
  const lives = accounts.map((account, index) => {
    const random = randomness(seed * 1000 + index);
    return liveAs(account, { wire, servers, ledger, random, revocations, isOver: () => over });
  });
  await delay(quietMs);
  const held = compareHoldings({ postgres, servers });
  await held.before();

  phase = 'faulty';
  log('faults begin');
  const random = randomness(seed);
  const schedule = scheduleFaults({
    lanes: [databaseFaults(postgres, servers, random), serverFaults(servers, random)],
    random,
    forMs: faultyMs,
    onEnd: (kind) => void recovery.watch(kind),
    log,
  });
  const recovery = watchRecovery({ wire, servers, ledger, session: ownSession, isQuiet: schedule.isQuiet });
  await schedule.finished;
  await recovery.watch('the last fault');
  over = true;
  await Promise.all(lives);
  await revocations.settled();
  log('the faults are over, and everybody has an answer');

  const raced = await race({ wire, servers, ledger, session: racing, times: races });
  log('the race is run');
  wire.hangUp();
  await held.after(ledger);
  const found = await judge({ wire, servers, ledger, postgres, accounts, random });
  await auditEvents({ url, keyRingFile }, ledger);
  const { acceptedMs } = revocations;
  return {
    seed,
    ledger,
    done: schedule.done,
    acceptedMs,
    recoveries: recovery.times,
    held: held.taken,
    raced,
    found,
    servers,
  };
}
