// Measures the memory of a server in production mode while clients hold it: with bodies that they do not finish, and with
// large responses that they do not read. Run: npm run build && node bench/greedy-clients.mjs [path of another built checkout]
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { passwordHashing } from '../dist/accounts/passwords/password-hashing.js';
import { loadConfig } from '../dist/config.js';
import { openDatabases } from '../dist/database/databases.js';
import { migrate } from '../dist/database/migrations/migrations.js';
import { DEMO_LOGIN, seed } from '../dist/demo/seed.js';
import { createKeyRingFile } from '../dist/keys/key-ring-writing.js';

const ROUNDS = 3;
const BODY_BYTES = 649_000;
const checkout = resolve(process.argv[2] ?? join(import.meta.dirname, '..'));
const HEAD = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
const PART = Buffer.alloc(BODY_BYTES - 1, ' ');
const TINY_CHUNKS = '1\r\n \r\n'.repeat(BODY_BYTES - 1);

const rows = [];
rows.push(await unfinished('1,000 bodies with Content-Length', 1000, withLength(PART)));
rows.push(await unfinished('1,000 chunked bodies', 1000, chunked(`${PART.length.toString(16)}\r\n${PART}`)));
rows.push(await unfinished('20 bodies in chunks of one byte', 20, chunked(TINY_CHUNKS)));
rows.push(
  await unfinished('1,000 bodies of 16 kB in chunks of one byte', 1000, chunked(TINY_CHUNKS.slice(0, 6 * 16_384))),
);
for (const pipelined of [1, 20, 100])
  rows.push(await unread(`4 clients that pipeline ${pipelined} responses of 5 MB`, 4, pipelined));
rows.push(await unread('1,000 clients with a response of 5 MB', 1000, 1));
console.table(rows);

function withLength(part) {
  return Buffer.concat([Buffer.from(`${HEAD}Content-Length: ${BODY_BYTES}\r\n\r\n`), part]);
}

function chunked(part) {
  return Buffer.from(`${HEAD}Transfer-Encoding: chunked\r\n\r\n${part}`);
}

/** Requests large responses and reads nothing. Before, the server has sent as many, which were read. */
async function unread(name, clients, pipelined) {
  const server = await start(true);
  try {
    const { email, password } = DEMO_LOGIN;
    const login = `mutation { login(input: { email: "${email}", password: "${password}" }) { authToken } }`;
    const { data } = await send(server, JSON.stringify({ query: login }));
    const body = JSON.stringify({ query: '{ posts(first: 100) { nodes { body } } }' });
    const request = `${HEAD}Authorization: Bearer ${data.login.authToken}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${data.login.authToken}` };
    for (let index = 0; index < 40; index += 1) {
      await Promise.all(
        Array.from({ length: 4 }, async () =>
          (await fetch(`${server.url}/graphql`, { method: 'POST', headers, body })).text(),
        ),
      );
    }
    const before = await settled(server);
    const after = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const sockets = Array.from({ length: clients }, () =>
        hold(server, Buffer.from(request.repeat(pipelined)), false),
      );
      const { rss } = await settled(server);
      for (const { socket } of sockets) socket.destroy();
      after.push(rss);
    }
    return row(name, server, before, after);
  } finally {
    await server.stop();
  }
}

/** Sends the beginning of so many requests, and waits until the server has read it or has responded. */
async function unfinished(name, count, beginning) {
  const server = await start();
  try {
    for (let index = 0; index < 300; index += 1) await send(server, '{"query":"{ __typename }"}');
    const before = server.memory();
    const after = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const sockets = Array.from({ length: count }, () => hold(server, beginning));
      const { rss } = await settled(server);
      for (const { socket } of sockets) socket.destroy();
      after.push(`${rss} (${responsesOf(sockets)})`);
    }
    return row(name, server, before, after);
  } finally {
    await server.stop();
  }
}

/** What is printed: the memory before, after each round, and at most. */
function row(name, server, before, after) {
  return {
    what: name,
    'RSS before, MB': before.rss,
    'RSS, MB': after.join(', '),
    'most, MB': server.memory().most,
  };
}

/** The memory once it has not grown for 5 seconds. */
async function settled(server) {
  let last = server.memory();
  for (let calm = 0; calm < 10; calm += 1) {
    await setTimeout(500);
    const next = server.memory();
    if (Math.abs(next.rss - last.rss) > 5) calm = 0;
    last = next;
  }
  return last;
}

function responsesOf(sockets) {
  const counts = {};
  for (const { status } of sockets) counts[status || 'none'] = (counts[status || 'none'] ?? 0) + 1;
  return Object.entries(counts)
    .map(([status, count]) => `${count} × ${status}`)
    .join(' + ');
}

function hold({ url }, beginning, reads = true) {
  const { hostname, port } = new URL(url);
  const held = { socket: connect(Number(port), hostname), status: '' };
  held.socket.on('error', () => undefined);
  if (reads) held.socket.on('data', (chunk) => (held.status ||= String(chunk).slice(9, 12)));
  held.socket.write(beginning);
  return held;
}

async function start(hasPosts = false) {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-greedy-'));
  const keyRing = join(directory, 'key-ring.json');
  createKeyRingFile(keyRing, 'ES256', 0);
  const databaseUrl = `file:${join(directory, 'greedy.db')}`;
  if (hasPosts) await storePosts(databaseUrl);
  const child = spawn(process.execPath, [join(checkout, 'dist/bundle/main.mjs')], {
    cwd: directory,
    env: {
      NODE_ENV: 'production',
      PORT: '0',
      HOST: '127.0.0.1',
      DATABASE_URL: databaseUrl,
      KEY_RING_FILE: keyRing,
      AUTH_TOKEN_ISSUER: 'https://tandem.example',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
    rmSync(directory, { recursive: true });
  };
  const url = await new Promise((found) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      if (output.length < 10_000) output += chunk;
      const [, address] = /"address":"([^"]+)"/.exec(output) ?? [];
      if (address) found(address);
    });
  });
  return { url, stop, memory: () => memoryOf(child.pid) };
}

/** Stores 100 posts of 50,000 characters. */
async function storePosts(url) {
  await migrate({ url });
  const { limits } = loadConfig({ DATABASE_URL: url }).database;
  const { database, postsDatabase } = openDatabases({ url, limits });
  await seed(
    database,
    passwordHashing({ memoryKib: 19_456, iterations: 2, concurrency: 1, queue: 10, queueWaitMs: 60_000 }),
    { nowMs: () => Date.now() },
  );
  const { id: authorId } = await database.account.findFirst();
  const at = new Date();
  const post = {
    authorId,
    title: 'A title',
    body: 'x'.repeat(50_000),
    status: 'PUBLISHED',
    publishedAt: at,
    createdAt: at,
    updatedAt: at,
  };
  await database.post.createMany({ data: Array.from({ length: 100 }, () => ({ id: randomUUID(), ...post })) });
  await Promise.all([database.$disconnect(), postsDatabase.$disconnect()]);
}

function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1000);
  return { rss: megabytes('VmRSS'), most: megabytes('VmHWM') };
}

async function send({ url }, body) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
  return response.json();
}
