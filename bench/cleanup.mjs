// Measures how much the cleanup slows requests down. Prints the latency of refreshes before and while the server deletes
// 100,000 expired sessions, and the ratio. Run: npm run build && node bench/cleanup.mjs
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { createApp } from '../dist/app/app.js';
import { passwordHashing } from '../dist/accounts/passwords/password-hashing.js';
import { loadConfig } from '../dist/config.js';
import { openDatabases } from '../dist/database/databases.js';
import { migrate } from '../dist/database/migrations/migrations.js';
import { seed } from '../dist/demo/seed.js';
import { deleteBatchAndRest } from '../dist/sessions/session-cleanup.js';
import { systemClock } from '../dist/shared/clock.js';
import { createLogger } from '../dist/shared/logger.js';

const EXPIRED = 100_000;
const MEASURED = 4000;
let done = false;
const directory = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
const config = loadConfig({
  DATABASE_URL: `file:${join(directory, 'tandem.db')}`,
  KEY_RING_FILE: join(directory, 'key-ring.json'),
  REFRESHES_PER_SESSION: '1000000',
});
await migrate({ url: config.database.url });
const databases = openDatabases(config.database);
const { database } = databases;
const hashing = passwordHashing(config.password);
await seed(database, hashing, systemClock());
const account = await database.account.findFirstOrThrow({ select: { id: true } });
await insertExpired(account.id); // before the server starts its cleanup
const app = await createApp({
  settings: config,
  ...databases,
  clock: systemClock(),
  logger: createLogger('silent'),
  sampleLag: () => () => undefined,
});
const url = `${await app.http.listen({ host: '127.0.0.1', port: 0 })}/graphql`;

try {
  let token = (
    await ask(
      'mutation { login(input: { email: "ada@example.com", password: "correct horse battery staple" }) { refreshToken } }',
    )
  ).login.refreshToken;
  const refresh = async () => {
    const { refreshToken } = await ask(
      `mutation { refreshToken(input: { refreshToken: "${token}" }) { refreshToken } }`,
    );
    token = refreshToken.refreshToken;
  };
  await latencies(refresh, () => false, 200); // warm up
  const before = await latencies(refresh, () => false, 1500);
  const startedAt = performance.now();
  const cleaning = cleanUp();
  const during = await latencies(refresh, () => false, MEASURED);
  done = true;
  await cleaning;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const left = await database.session.count();
  console.log(`${EXPIRED + 1 - left} of ${EXPIRED} expired sessions deleted in ${seconds} s`);
  for (const p of [0.5, 0.99]) {
    const [a, b] = [at(before, p), at(during, p)];
    console.log(`p${p * 100}  before ${a.toFixed(2)} ms  during ${b.toFixed(2)} ms  ratio ${(b / a).toFixed(2)}`);
  }
} finally {
  await app.close();
  rmSync(directory, { recursive: true, force: true });
}

async function ask(query) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

async function cleanUp() {
  const deadSince = new Date(Date.now() - 86_400_000);
  const { signal } = new AbortController();
  for (let deleted = 1; deleted > 0 && !done;) deleted = await deleteBatchAndRest(database, deadSince, signal);
}

async function latencies(request, isOver, most) {
  const times = [];
  while (times.length < most && !isOver()) {
    const startedAt = performance.now();
    await request();
    times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b);
}

function at(sorted, quantile) {
  return sorted[Math.floor(sorted.length * quantile)] ?? NaN;
}

async function insertExpired(accountId) {
  const long = new Date(Date.now() - 40 * 86_400_000);
  for (let from = 0; from < EXPIRED; from += 2000) {
    const data = Array.from({ length: 2000 }, (_, index) => ({
      id: v7({ msecs: long.getTime() + from + index }), // in the order of creation
      accountId,
      generation: 1,
      salt: new Uint8Array(16),
      refreshKeyId: 'gone',
      rotatedAt: long,
      idleExpiresAt: long,
      expiresAt: long,
      createdAt: long,
      ...((from + index) % 2 === 0 && { endedAt: long, endedReason: 'LOGGED_OUT' }),
    }));
    await database.session.createMany({ data });
  }
}
