// Measures searches in many posts, and what their index costs, beside an earlier version that has no index.
// Run: npm run build && BENCH_BASELINE=<built checkout> node bench/search.mjs [posts] [rounds]
// With BENCH_POSTGRES_URL, which names an empty database, it measures PostgreSQL instead of SQLite.
import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import Database from 'better-sqlite3';
import pg from 'pg';
import { migrate } from '../dist/database/migrations/migrations.js';
import { ask } from './answers.mjs';
import { baselineProgram } from './baseline.mjs';
import { median } from './median.mjs';
import { besidePostgres, fillPostgres } from './postgres.mjs';
import { PROGRAMS, startServer } from './servers.mjs';
import { textsFrom } from './texts.mjs';
import { makeWorld } from './world.mjs';

process.chdir(join(import.meta.dirname, '..'));
const [posts = 200_000, rounds = 10] = process.argv.slice(2).map(Number);
const postgresUrl = process.env.BENCH_POSTGRES_URL;
const baseline = baselineProgram();
if (!baseline) throw new Error('Set BENCH_BASELINE to the folder of a built checkout of an earlier version.');

const RARE = 'zyxneedle';
/** Characters of a body. */
const BODY = 400;
const REPEATED = 20;
/** So many that the server updates its index of SQLite in between. */
const CREATED = 200;
/** For what takes an earlier version seconds. */
const FEW = 3;
const WARM_UP = 3;
/** Each with the number of repetitions in a round. */
const SEARCHES = {
  'rare text': [RARE, FEW],
  'absent text': ['qzxwjkvq', FEW],
  'frequent text': ['river', REPEATED],
  'absent text of frequent parts': ['river '.repeat(14), 1],
  'absent text of two characters': ['q7', 1],
};
const PAGE = `query ($after: String, $filter: PostFilter) {
  posts(after: $after, filter: $filter) { nodes { id } pageInfo { hasNextPage endCursor } }
}`;
const CREATE = 'mutation ($input: CreatePostInput!) { createPost(input: $input) { post { id } } }';

const directory = mkdtempSync(join(tmpdir(), 'tandem-search-'));
const made = [];
const servers = [];
const text = textsFrom(1);
try {
  const world = await makeWorld({ directory, name: 'world', posts: 1000, sessions: 1000 });
  const databases = postgresUrl ? await onPostgres(world) : await onSqlite(world);
  for (const [name, program] of Object.entries({ before: baseline, now: PROGRAMS.tandem })) {
    const database = databases[name];
    const logPath = join(directory, `${name}.log`);
    const server = await startServer({ program, database, keyRingPath: world.keyRingPath, logPath });
    servers.push({ name, server, token: world.material.authTokens[0] });
  }
  // An index spares a server the statements that would warm it up.
  for (const { server, token } of servers) {
    for (let n = 0; n < WARM_UP; n += 1) await searchAll(sender(server.port, token), 'q7');
  }
  const measured = {};
  /** In ms: the mean of the processor time, because it is counted in ticks of 10 ms, and each time. */
  const measure = async (what, { name, server }, times, work) => {
    const record = ((measured[what] ??= {})[name] ??= { processor: 0, wall: [], requests: [] });
    const before = server.processorSeconds();
    for (let n = 0; n < times; n += 1) {
      const startedAt = performance.now();
      record.requests.push(await work());
      record.wall.push(performance.now() - startedAt);
    }
    record.processor += ((server.processorSeconds() - before) * 1000) / times / rounds;
  };
  for (let round = 0; round < rounds; round += 1) {
    for (const each of round % 2 === 0 ? servers : servers.toReversed()) {
      const send = sender(each.server.port, each.token);
      for (const [what, [search, times]] of Object.entries(SEARCHES)) {
        await measure(what, each, times, () => searchAll(send, search));
      }
      for (const length of [BODY, 5000]) {
        await measure(`createPost of ${length} characters`, each, CREATED, async () => {
          await send(CREATE, { input: { title: text(30), body: text(length), publish: true } });
          return 1;
        });
      }
      each.server.dropLog();
    }
  }
  process.stdout.write(
    `${posts} posts of ${BODY} characters on ${postgresUrl ? 'PostgreSQL' : 'SQLite'}, before → now\n`,
  );
  const line = (label, ...columns) =>
    process.stdout.write(`${label.padEnd(32)}${columns.map((each) => each.padEnd(36)).join('')}\n`);
  line('', 'processor time of the server, ms', 'median of the time, ms', 'requests');
  for (const [what, { before, now }] of Object.entries(measured)) {
    const compared = ['processor', 'wall', 'requests'].map((field) => {
      const [was, is] = [before, now].map((one) => (field === 'processor' ? one.processor : median(one[field])));
      return `${was.toFixed(1)} → ${is.toFixed(1)} (×${(is / was).toFixed(3)})`;
    });
    line(what, ...compared);
  }
} finally {
  await Promise.all(servers.map(({ server }) => server.stop()));
  for (const { drop } of made) await drop();
  rmSync(directory, { recursive: true });
}

/** A file of the baseline's tables with the posts, and a copy with the migrations of this version. */
async function onSqlite(world) {
  const [before, now] = ['before', 'now'].map((name) => join(directory, `${name}.db`));
  await startAndStop(before, world);
  world.fill(before);
  const database = new Database(before);
  database.exec('DELETE FROM "Post"'); // they are not folded
  const [authorId] = database.prepare(`SELECT "id" FROM "Account" LIMIT 1`).pluck().all();
  const insert = database.prepare(
    `INSERT INTO "Post" ("id", "authorId", "title", "body", "foldedTitle", "foldedBody", "status", "createdAt", "updatedAt")
     VALUES (?, '${authorId}', ?, ?, ?, ?, 'PUBLISHED', '2026-01-01T00:00:00.000+00:00', '2026-01-01T00:00:00.000+00:00')`,
  );
  database.transaction(() => {
    for (const { id, title, body } of generated()) insert.run(id, title, body, title, body);
  })();
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
  copyFileSync(before, now);
  await timedMigration(`file:${now}`);
  const megabytes = [before, now].map((path) => (statSync(path).size / 1e6).toFixed(0));
  process.stdout.write(`file: ${megabytes.join(' → ')} MB\n`);
  return { before, now };
}

/** A database without the index, and a copy with it. The earlier version runs on tables of this one. */
async function onPostgres(world) {
  const [before, now] = [await besidePostgres(postgresUrl, '_before'), await besidePostgres(postgresUrl, '_now')];
  made.push(before, now);
  await fillPostgres(before.url, world);
  const [account] = world.tables().Account;
  await onServer(before.url, async (client) => {
    await client.query('DELETE FROM "Post"'); // they are not folded
    await client.query('DROP INDEX "Post_text_idx"');
    await client.query(`DELETE FROM "_prisma_migrations" WHERE "migration_name" LIKE '%_search_index'`);
    for (const rows of batches(generated())) {
      await client.query(
        `INSERT INTO "Post" ("id", "authorId", "title", "body", "foldedTitle", "foldedBody", "status", "createdAt", "updatedAt")
         SELECT "id", $1, "title", "body", "title", "body", 'PUBLISHED', now(), now() FROM unnest($2::text[], $3::text[], $4::text[])
         AS "row" ("id", "title", "body")`,
        [account.id, ...['id', 'title', 'body'].map((name) => rows.map((row) => row[name]))],
      );
    }
  });
  const name = (url) => new URL(url).pathname.slice(1);
  await onServer(postgresUrl, async (client) => {
    await client.query(`DROP DATABASE "${name(now.url)}"`);
    await client.query(`CREATE DATABASE "${name(now.url)}" TEMPLATE "${name(before.url)}"`);
  });
  await timedMigration(now.url);
  const megabytes = [];
  for (const { url } of [before, now]) {
    await onServer(url, async (client) => {
      await client.query('VACUUM ANALYZE');
      const { rows } = await client.query(`SELECT pg_total_relation_size('"Post"') / 1e6 AS "size"`);
      megabytes.push(Number(rows[0].size).toFixed(0));
    });
  }
  process.stdout.write(`"Post" with its indexes: ${megabytes.join(' → ')} MB\n`);
  return { before: before.url, now: now.url };
}

/** Lets the earlier version create its tables. */
async function startAndStop(database, { keyRingPath }) {
  const logPath = join(directory, 'tables.log');
  await (await startServer({ program: baseline, database, keyRingPath, logPath })).stop();
}

async function timedMigration(url) {
  const startedAt = performance.now();
  const names = await migrate({ url });
  const seconds = (performance.now() - startedAt) / 1000;
  process.stdout.write(`${names.join(', ')}: ${seconds.toFixed(1)} s\n`);
}

async function onServer(url, work) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** Posts in the order of their ids. One of the oldest contains the rare text. */
function* generated() {
  for (let n = 0; n < posts; n += 1) {
    const body = `${n === 777 ? `${RARE} ` : ''}${text(BODY)}`;
    yield { id: `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`, title: text(30), body };
  }
}

function* batches(rows) {
  let batch = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length === 1000) yield batch.splice(0);
  }
  if (batch.length > 0) yield batch;
}

function sender(port, token) {
  return async (query, variables) => {
    const body = JSON.stringify({ query, variables });
    const head = `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nauthorization: Bearer ${token}`;
    const reply = await ask(port, Buffer.from(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`));
    const { data, errors } = JSON.parse(Buffer.from(reply.body, 'latin1').toString());
    if (errors) throw new Error(`Unexpected response: ${reply.body}`);
    return data;
  };
}

/** Requests pages until one has posts, or the list ends. Resolves to the number of requests. */
async function searchAll(send, search) {
  let after = null;
  for (let requests = 1; ; requests += 1) {
    const { nodes, pageInfo } = (await send(PAGE, { after, filter: { search } })).posts;
    after = pageInfo.endCursor;
    if (nodes.length === 0 && pageInfo.hasNextPage) continue;
    return requests;
  }
}
