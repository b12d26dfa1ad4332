// Compares the processor time of a request with that of another version: BENCH_BASELINE is the folder of a built checkout.
// Run: npm run build && BENCH_BASELINE=../tandem-0.3 node bench/versions.mjs [cases] [rounds]
// Each round starts both servers anew, because two processes of the same version differ by up to 10 %.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { baselineDatabase, baselineProgram } from './baseline.mjs';
import { keepApart } from './cores.mjs';
import { load } from './load.mjs';
import { median } from './median.mjs';
import { casesOf } from './requests.mjs';
import { PROGRAMS, startServer } from './servers.mjs';
import { CONNECTIONS, LOGINS_AT_ONCE, POSTS, SESSIONS } from './settings.mjs';
import { makeWorld } from './world.mjs';

const SECONDS = 1.5;
const WARM_UP_SECONDS = 3;
const program = baselineProgram();
if (!program) throw new Error('BENCH_BASELINE must name the folder of a built checkout.');
process.chdir(join(import.meta.dirname, '..'));
const [names = 'A,B,C,D,E,G', rounds = '10'] = process.argv.slice(2);
keepApart();
const directory = mkdtempSync(join(tmpdir(), 'tandem-versions-'));
try {
  const world = await makeWorld({ directory, name: 'world', posts: POSTS, sessions: SESSIONS });
  const before = { program, database: await baselineDatabase(program, world, directory) };
  const now = { program: PROGRAMS.tandem, database: world.path };
  const ratios = Object.fromEntries(names.split(',').map((name) => [name, []]));
  for (let round = 0; round < Number(rounds); round += 1) {
    const taken = new Map();
    for (const version of round % 2 === 0 ? [before, now] : [now, before]) {
      taken.set(version, await measure(version, world, Object.keys(ratios)));
    }
    for (const [name, list] of Object.entries(ratios)) list.push(taken.get(now)[name] / taken.get(before)[name]);
  }
  for (const [name, list] of Object.entries(ratios)) {
    const sorted = list.toSorted((one, other) => one - other).map((ratio) => ratio.toFixed(2));
    process.stdout.write(`${name}: ${median(list).toFixed(3)} (${sorted.join(' ')})\n`);
  }
} finally {
  rmSync(directory, { recursive: true });
}

/** Processor time of a request of each case, in µs, of a new process on a new copy of the data. */
async function measure({ program, database: original }, { keyRingPath, material }, names) {
  const database = join(directory, 'copy.db');
  for (const suffix of ['', '-wal', '-shm']) rmSync(database + suffix, { force: true });
  copyFileSync(original, database);
  const server = await startServer({ program, database, keyRingPath, logPath: join(directory, 'server.log') });
  try {
    const cases = casesOf(material);
    const measured = {};
    for (const name of names) {
      const connections = name === 'D' ? LOGINS_AT_ONCE : CONNECTIONS;
      const settings = { server, connections, seconds: SECONDS, warmUpSeconds: WARM_UP_SECONDS };
      measured[name] = (await load({ ...settings, ...cases[name] })).processorMicroseconds;
      server.dropLog();
    }
    return measured;
  } finally {
    await server.stop();
  }
}
