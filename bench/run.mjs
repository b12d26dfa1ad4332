// Measures Tandem and the reference servers. `npm run bench` takes about six minutes and writes docs/performance.*.
// `-- --quick` takes about one minute and only prints. `-- --only=A,B` measures these cases and only prints.
// BENCH_POSTGRES_URL names an empty database to measure on as well; the run creates and drops two more on its server.
// BENCH_BASELINE names a built checkout of another version, which is measured in the same rounds.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { compareAnswers } from './answers.mjs';
import { argon2Reference } from './argon2-reference.mjs';
import { keepApart } from './cores.mjs';
import { coldStarts } from './cold-starts.mjs';
import { distinctTokens } from './distinct-tokens.mjs';
import { fieldOf } from './field.mjs';
import { growth } from './growth.mjs';
import { machine } from './machine.mjs';
import { summaryOf, writeReport } from './report.mjs';
import { CASES, casesTable } from './tables.mjs';
import { rounds } from './rounds.mjs';
import { FULL, POSTS, QUICK, SESSIONS } from './settings.mjs';
import { tails } from './tails.mjs';
import { makeWorld } from './world.mjs';

process.chdir(join(import.meta.dirname, '..'));
const quick = process.argv.includes('--quick');
const [, only] = /^--only=(.+)$/m.exec(process.argv.slice(2).join('\n')) ?? [];
const settings = quick ? QUICK : FULL;
const postgresUrl = process.env.BENCH_POSTGRES_URL;
const apart = keepApart();
const directory = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
const startedAt = performance.now();
const say = (text) =>
  process.stderr.write(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);

let field;
try {
  const world = await makeWorld({ directory, name: 'world', posts: POSTS, sessions: SESSIONS });
  if (only) await measureCases(world, only.split(','));
  else await measureAll(world);
  say('done');
} finally {
  await field?.stop();
  rmSync(directory, { recursive: true, force: true });
}

async function measureCases(world, names) {
  const isKnown = (name) => name in CASES;
  if (!names.every(isKnown)) throw new Error(`--only takes cases of ${Object.keys(CASES).join(',')}.`);
  field = await fieldOf(world, directory, postgresUrl);
  await compareAnswers(field.servers);
  const cases = await rounds(field.servers, settings, names);
  process.stdout.write(`${casesTable({ cases })}\n`);
}

async function measureAll(world) {
  say('cold starts');
  const starts = await coldStarts(world, directory, settings);
  field = await fieldOf(world, directory, postgresUrl);
  await delay(1000); // until the memory of the start is freed
  const idle = field.memory();
  say(`comparing the responses of ${field.servers.map(({ name }) => name).join(', ')}`);
  await compareAnswers(field.servers);
  say('cases');
  const cases = await rounds(field.servers, settings);
  say('raw argon2');
  const argon2 = await argon2Reference(settings);
  say('tail latencies while logins run');
  const tail = await tails(field.servers, settings);
  const loaded = field.memory();
  await field.stop();
  say('distinct auth tokens');
  const distinct = await distinctTokens(directory, settings);
  say('growth');
  const grown = await growth(world, directory, settings, postgresUrl);
  const memory = { idle, loaded };
  const measured = {
    machine: machine({ apart, quick }),
    settings,
    starts,
    memory,
    cases,
    argon2,
    tail,
    distinct,
    grown,
  };
  process.stdout.write(`${summaryOf(measured)}\n`);
  if (!quick) await writeReport(measured);
}
