// Attacks `login` in process: a million distinct names from 10,000 addresses, and guesses at one account whose owner logs in
// from home meanwhile. Prints what grows. The clock advances with the attempts, hashes are cheap, and most attempts reach the
// limiter only, a second of them in one statement: a million real logins take hours. The guesses, the owner and every 200th
// name log in over HTTP. Run: npm run build && node --expose-gc bench/login-attack.mjs [names] [seconds] [directory]
// It stops after so many seconds. With a directory, the next run continues.
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../dist/app/app.js';
import { passwordHashing } from '../dist/accounts/passwords/password-hashing.js';
import { loadConfig } from '../dist/config.js';
import { openDatabases } from '../dist/database/databases.js';
import { migrate } from '../dist/database/migrations/migrations.js';
import { seed } from '../dist/demo/seed.js';
import { attemptCounting } from '../dist/limits/attempt-counting.js';
import { attemptStore } from '../dist/limits/attempt-store.js';
import { loginLimits } from '../dist/limits/login-limits.js';
import { createLogger } from '../dist/shared/logger.js';

const [names = '1000000', seconds = '150', directory = mkdtempSync(join(tmpdir(), 'tandem-attack-'))] =
  process.argv.slice(2);
const SOURCES = 10_000;
/** More than the hashes that two cores compute. */
const ATTEMPTS_PER_SECOND = 100;
const GUESSES_PER_SECOND = 2;
const NAMES_OVER_HTTP = 200;
const HOME_EVERY_SECONDS = 10;
const VICTIM = 'ada@example.com';
const PASSWORD = 'correct horse battery staple';
const QUERY = 'mutation ($input: LoginInput!) { login(input: $input) { tokenType } }';

const progressPath = join(directory, 'progress.json');
const progress = existsSync(progressPath)
  ? JSON.parse(readFileSync(progressPath, 'utf8'))
  : {
      attempts: 0,
      guesses: 0,
      startedAtMs: Date.now(),
      names: {},
      victim: {},
      home: {},
      mostRows: 0,
      mostMegabytes: 0,
    };
const clock = { nowMs: () => Math.floor(progress.startedAtMs + (progress.attempts * 1000) / ATTEMPTS_PER_SECOND) };

const config = loadConfig({
  DATABASE_URL: `file:${join(directory, 'tandem.db')}`,
  KEY_RING_FILE: join(directory, 'key-ring.json'),
  OVERLOAD_LAG_MS: '0',
});
const settings = { ...config, password: { ...config.password, memoryKib: 8, iterations: 1 } };
await migrate({ url: config.database.url });
const databases = openDatabases(config.database);
const { database } = databases;
if (progress.attempts === 0) await seed(database, passwordHashing(settings.password), clock);
const logger = createLogger('silent');
const app = await createApp({ settings, ...databases, clock, logger, sampleLag: () => () => undefined });
const store = attemptStore(database, config.limits.maxDelaySeconds * 1000);
const merged = { ...store, read: merge(store.read), count: merge(store.count) };
const limits = loginLimits(config.limits, attemptCounting(database, merged, clock, logger), merged, clock);

const endsAt = performance.now() + Number(seconds) * 1000;
let nextHomeMs = clock.nowMs();
let nextReportMs = clock.nowMs();
let cleaning = Promise.resolve();
try {
  report(await measure());
  while (progress.attempts < Number(names) && performance.now() < endsAt) {
    if (clock.nowMs() >= nextHomeMs) {
      nextHomeMs = clock.nowMs() + HOME_EVERY_SECONDS * 1000;
      count(progress.home, await logIn(VICTIM, PASSWORD, '192.0.2.1'));
    }
    for (let guess = 0; guess < GUESSES_PER_SECOND; guess += 1) {
      progress.guesses += 1;
      count(progress.victim, await logIn(VICTIM, 'a wrong passphrase here', sourceOf(progress.guesses)));
    }
    await Promise.all(Array.from({ length: ATTEMPTS_PER_SECOND }, tryName));
    if (clock.nowMs() >= nextReportMs) {
      nextReportMs = clock.nowMs() + 60_000;
      await cleaning;
      cleaning = cleanUp();
      const measured = await measure();
      progress.mostRows = Math.max(progress.mostRows, measured.rows);
      progress.mostMegabytes = Math.max(progress.mostMegabytes, measured.megabytes);
      if ((progress.attempts / ATTEMPTS_PER_SECOND) % 900 < 60) report(measured);
    }
  }
  await cleaning;
  report(await measure());
  const guesses = progress.victim.INVALID_CREDENTIALS ?? 0;
  const elapsed = progress.attempts / ATTEMPTS_PER_SECOND;
  console.log('names', progress.names, 'at most', progress.mostRows, 'rows,', progress.mostMegabytes, 'MB');
  console.log(
    'guesses at the victim',
    progress.victim,
    `${(guesses / elapsed).toFixed(4)} a second; home`,
    progress.home,
  );
  writeFileSync(progressPath, JSON.stringify(progress));
} finally {
  await app.close();
}

async function tryName() {
  const index = progress.attempts;
  progress.attempts += 1;
  const email = `name-${index}@example.com`;
  if (index % NAMES_OVER_HTTP === 0) {
    return count(progress.names, await logIn(email, 'a wrong passphrase here', sourceOf(index)));
  }
  try {
    await limits.login(email, { ipAddress: sourceOf(index), userAgent: 'attack', requestId: 'attack' });
    count(progress.names, 'COUNTED');
  } catch ({ kind }) {
    count(progress.names, kind);
  }
}

function sourceOf(index) {
  const source = index % SOURCES;
  return `198.18.${Math.floor(source / 250)}.${source % 250}`;
}

/** Merges the calls of one event loop turn. All of them get the result for all of them. */
function merge(work) {
  let batch;
  return async (parts, nowMs) => {
    const mine = (batch ??= { parts: [], result: Promise.resolve().then(() => work(take(), nowMs)) });
    mine.parts.push(...parts);
    return mine.result;
  };
  function take() {
    const { parts } = batch;
    batch = undefined;
    return parts;
  }
}

async function logIn(email, password, remoteAddress) {
  const payload = { query: QUERY, variables: { input: { email, password } } };
  const { body } = await app.http.inject({ method: 'POST', url: '/graphql', remoteAddress, payload });
  return JSON.parse(body).errors?.[0].extensions.code ?? 'OK';
}

/** As the server does every minute, by the clock of this program. */
async function cleanUp() {
  for (let deleted = 1; deleted > 0;) deleted = await store.deleteExpired(clock.nowMs(), 200);
}

function count(counts, code) {
  counts[code] = (counts[code] ?? 0) + 1;
}

async function measure() {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const [{ bytes }] = await database.$queryRaw`
    SELECT (SELECT page_count FROM pragma_page_count()) * (SELECT page_size FROM pragma_page_size()) AS bytes`;
  const rows = await database.attemptLimit.count();
  return { rows, megabytes: megabytes(Number(bytes)), heap: megabytes(heapUsed), rss: megabytes(rss) };
}

function report({ rows, megabytes: file, heap, rss }) {
  const minutes = Math.round(progress.attempts / ATTEMPTS_PER_SECOND / 60);
  console.log(
    `${minutes} min, ${progress.attempts} attempts: ${rows} rows, file ${file} MB, heap ${heap} MB, RSS ${rss} MB`,
  );
}

function megabytes(bytes) {
  return Math.round(bytes / 100_000) / 10;
}
