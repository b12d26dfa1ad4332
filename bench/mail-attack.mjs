// Requests mails in process, for distinct names from many sources: IPv4 addresses, and the networks of one IPv6 /48. Meanwhile
// a person requests a password reset from home over HTTP, and tries one wrong code of each mail. Another program guesses codes
// that tell whether they exist, for distinct names. Prints what grows. The clock advances with the requests; each name reaches
// the limiter only. Run: npm run build && node --expose-gc bench/mail-attack.mjs [names] [a second]
// SQLite, or a new database of TEST_POSTGRES_URL. With MAILS_PER_HOUR=1000000, there is no bound.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createApp } from '../dist/app/app.js';
import { passwordHashing } from '../dist/accounts/passwords/password-hashing.js';
import { loadConfig } from '../dist/config.js';
import { openDatabases } from '../dist/database/databases.js';
import { migrate } from '../dist/database/migrations/migrations.js';
import { seed } from '../dist/demo/seed.js';
import { attemptCounting } from '../dist/limits/attempt-counting.js';
import { attemptStore } from '../dist/limits/attempt-store.js';
import { codeAttempts } from '../dist/limits/code-attempts.js';
import { mailRequests } from '../dist/limits/mail-requests.js';
import { createLogger } from '../dist/shared/logger.js';

const [names = 300_000, perSecond = 10] = process.argv.slice(2).map(Number);
const [ADDRESSES, NETWORKS_OF_SITE] = [5000, 5000];
const AT_ONCE = 50;
/** Less often than three times in 12 hours, and at any time of the hour for which all mails are used up. */
const HOME_EVERY_SECONDS = 15_000;
const REPORT_EVERY_SECONDS = 3600;
const PERSON = 'ada@example.com';
const RESET = 'mutation ($input: EmailInput!) { requestPasswordReset(input: $input) { accepted } }';
const USE = 'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { accepted } }';

const startedAtMs = Date.now();
let requests = 0;
const clock = { nowMs: () => Math.floor(startedAtMs + (requests * 1000) / perSecond) };
const directory = mkdtempSync(join(tmpdir(), 'tandem-mail-attack-'));
const server = process.env.TEST_POSTGRES_URL;
const name = `tandem_mail_attack_${process.pid}`;
const url = server ? Object.assign(new URL(server), { pathname: name }).href : `file:${join(directory, 'tandem.db')}`;
if (server) await onServer(`CREATE DATABASE ${name}`);

const config = loadConfig({
  DATABASE_URL: url,
  KEY_RING_FILE: join(directory, 'key-ring.json'),
  MAIL_FOLDER: join(directory, 'outbox'),
  OVERLOAD_LAG_MS: '0',
  ...(process.env.MAILS_PER_HOUR && { MAILS_PER_HOUR: process.env.MAILS_PER_HOUR }),
});
mkdirSync(config.mail.folder);
const settings = { ...config, password: { ...config.password, memoryKib: 8, iterations: 1 } };
await migrate({ url });
const databases = openDatabases(config.database);
const { database } = databases;
await seed(database, passwordHashing(settings.password), clock);
const logger = createLogger('silent');
const app = await createApp({ settings, ...databases, clock, logger, sampleLag: () => () => undefined });
const store = attemptStore(database, config.limits.maxDelaySeconds * 1000);
const counting = attemptCounting(database, store, clock, logger);
const mails = mailRequests(config.mailLimits, counting, clock);
const codes = codeAttempts(counting, clock);

const outcomes = {};
const home = {};
let [most, nextHomeMs, nextReportMs] = [0, clock.nowMs(), clock.nowMs()];
try {
  while (requests < names) {
    if (clock.nowMs() >= nextHomeMs) {
      nextHomeMs += HOME_EVERY_SECONDS * 1000;
      count(home, await resetFromHome());
    }
    await Promise.all(Array.from({ length: AT_ONCE }, requestMail));
    if (clock.nowMs() >= nextReportMs) {
      nextReportMs += REPORT_EVERY_SECONDS * 1000;
      while ((await store.deleteExpired(clock.nowMs(), 10_000)) > 0);
      await report();
    }
  }
  await report();
  console.log('requests', outcomes, 'at most', most, 'rows; from home', home);
} finally {
  await app.close();
  rmSync(directory, { recursive: true });
  if (server) await onServer(`DROP DATABASE ${name} WITH (FORCE)`);
}

async function requestMail() {
  const index = requests;
  requests += 1;
  const email = `name-${index}@example.com`;
  const client = { ipAddress: sourceOf(index), userAgent: 'attack', requestId: 'attack' };
  await codes.countConfidential(email, [], client);
  count(
    outcomes,
    await mails.count(email, client).then(
      () => 'COUNTED',
      ({ kind }) => kind,
    ),
  );
}

function sourceOf(index) {
  const source = Math.floor(index / 2);
  if (index % 2) return `2001:db8:1:${(source % NETWORKS_OF_SITE).toString(16)}::1`;
  return `198.18.${Math.floor((source % ADDRESSES) / 250)}.${source % 250}`;
}

/** Whether the mail arrived. */
async function resetFromHome() {
  const before = mailsSent();
  const code = await send(RESET, { email: PERSON });
  if (code !== 'OK') return code;
  await app.sendDueMail();
  await send(USE, { email: PERSON, code: 'ZZZZ-ZZZZ', newPassword: 'a passphrase that is new here' });
  return mailsSent() > before ? 'a mail arrived' : 'no mail arrived';
}

function mailsSent() {
  return readdirSync(config.mail.folder).length;
}

async function send(query, input) {
  const payload = { query, variables: { input } };
  const { body } = await app.http.inject({ method: 'POST', url: '/graphql', remoteAddress: '192.0.2.1', payload });
  return JSON.parse(body).errors?.[0].extensions.code ?? 'OK';
}

async function report() {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const rows = {};
  for (const { key } of await database.attemptLimit.findMany({ select: { key: true } })) count(rows, key.split(':')[0]);
  const all = Object.values(rows).reduce((sum, each) => sum + each, 0);
  most = Math.max(most, all);
  const [heap, memory] = [heapUsed, rss].map((bytes) => Math.round(bytes / 1_000_000));
  const hours = ((clock.nowMs() - startedAtMs) / 3_600_000).toFixed(1);
  console.log(`${hours} h, ${requests} names: ${all} rows, heap ${heap} MB, RSS ${memory} MB`, rows);
}

function count(counts, what) {
  counts[what] = (counts[what] ?? 0) + 1;
}

async function onServer(statement) {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(statement);
  await client.end();
}
