// Compares the processor time of a request with that of another version: BENCH_BASELINE is the folder of a built checkout.
// Run: npm run build && BENCH_BASELINE=../tandem-0.3 node bench/versions.mjs [cases] [rounds]
// Two processes of the same version differ by up to 10 %, so two of each version take turns, in the opposite order in every
// second round.
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

const WARM_UP_SECONDS = 2;
const SECONDS = 1;
/** After another server had the core. */
const PAUSE_SECONDS = 0.2;
const program = baselineProgram();
if (!program) throw new Error('BENCH_BASELINE must name the folder of a built checkout.');
process.chdir(join(import.meta.dirname, '..'));
const [names = 'A,B,C,D,E,G', rounds = '12'] = process.argv.slice(2);
keepApart();
const directory = mkdtempSync(join(tmpdir(), 'tandem-versions-'));
const servers = [];
try {
  const world = await makeWorld({ directory, name: 'world', posts: POSTS, sessions: SESSIONS });
  const before = { version: 'before', program, database: await baselineDatabase(program, world, directory) };
  const now = { version: 'now', program: PROGRAMS.tandem, database: world.path };
  for (const [at, one] of [before, now, before, now].entries()) servers.push(await start(one, at, world));
  for (const name of names.split(',')) {
    for (const one of servers) await measure(one, name, WARM_UP_SECONDS);
    const taken = { before: [], now: [] };
    for (let round = 0; round < Number(rounds); round += 1) {
      const sum = { before: 0, now: 0 };
      for (const one of round % 2 === 0 ? servers : servers.toReversed()) {
        sum[one.version] += await measure(one, name, PAUSE_SECONDS);
      }
      for (const version of Object.keys(sum)) taken[version].push(sum[version] / 2);
    }
    print(name, taken);
  }
} finally {
  await Promise.all(servers.map(({ server }) => server.stop()));
  rmSync(directory, { recursive: true });
}

async function start({ version, program, database: original }, at, { keyRingPath, material }) {
  const database = join(directory, `${at}.db`);
  copyFileSync(original, database);
  const server = await startServer({ program, database, keyRingPath, logPath: join(directory, `${at}.log`) });
  return { version, server, cases: casesOf(material) };
}

/** Processor time of a request, in µs. */
async function measure({ server, cases }, name, warmUpSeconds) {
  const connections = name === 'D' ? LOGINS_AT_ONCE : CONNECTIONS;
  const { processorMicroseconds } = await load({
    server,
    connections,
    seconds: SECONDS,
    warmUpSeconds,
    ...cases[name],
  });
  server.dropLog();
  return processorMicroseconds;
}

function print(name, { before, now }) {
  const mean = (list) => list.reduce((sum, each) => sum + each, 0) / list.length;
  const ratios = now.map((each, round) => each / before[round]).sort((one, other) => one - other);
  const list = ratios.map((ratio) => ratio.toFixed(2)).join(' ');
  const [was, is] = [mean(before), mean(now)];
  process.stdout.write(
    `${name}: ${was.toFixed(1)} → ${is.toFixed(1)} µs, ×${(is / was).toFixed(3)}; median ×${median(ratios).toFixed(3)} (${list})\n`,
  );
}
