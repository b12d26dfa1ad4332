// Sends hostile bodies of the largest size to a server in production mode, one after the other, and prints its response,
// how long its event loop was blocked, and how much its heap grew. Run: npm run build && node bench/hostile-bodies.mjs
// With a path, it measures another built checkout: node bench/hostile-bodies.mjs ../tandem-0.3 100000 (its limit of bytes).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { createKeyRingFile } from '../dist/keys/key-ring-writing.js';
import { hostileBodies } from './hostile-documents.mjs';
import { median } from './median.mjs';

const ROUNDS = 7;
const PROBE = pathToFileURL(join(import.meta.dirname, 'loop-probe.mjs')).href;
const checkout = resolve(process.argv[2] ?? join(import.meta.dirname, '..'));
const bytes = Number(process.argv[3] ?? 650_000);
const directory = mkdtempSync(join(tmpdir(), 'tandem-bodies-'));
const server = await start();
try {
  for (let index = 0; index < 300; index += 1) await send('{"query":"{ __typename }"}');
  const rows = [];
  const bodies = Object.entries(hostileBodies(bytes)).map(([name, body]) => [name, body, send]);
  for (const count of [4000, bytes]) {
    bodies.push([`${count.toLocaleString('en')} chunks of one byte`, `"${' '.repeat(count - 2)}"`, sendInTinyChunks]);
  }
  for (const [name, body, sendBody] of bodies) {
    const runs = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await ask('begin');
      const { status, code } = await sendBody(body.replace('ROUND', String(round)));
      runs.push({ status, code, ...(await ask('end')) });
    }
    const of = (key) => runs.map((run) => run[key]);
    rows.push({
      body: name,
      bytes: Buffer.byteLength(body),
      response: [...new Set(runs.map(({ status, code }) => `${status} ${code ?? ''}`))].join(),
      'processor ms': round(median(of('cpuMs'))),
      'blocked ms': round(median(of('blockedMs'))),
      'at most ms': round(Math.max(...of('blockedMs'))),
      'heap MB': round(Math.max(...of('addedMb'))),
      'kept MB': round(median(of('retainedMb'))),
    });
  }
  console.table(rows);
} finally {
  server.process.kill();
  await once(server.process, 'exit');
  rmSync(directory, { recursive: true });
}

async function start() {
  const keyRing = join(directory, 'key-ring.json');
  createKeyRingFile(keyRing, 'ES256', 0);
  const child = spawn(process.execPath, ['--import', PROBE, join(checkout, 'dist/bundle/main.mjs')], {
    cwd: directory,
    env: {
      NODE_ENV: 'production',
      PORT: '0',
      HOST: '127.0.0.1',
      DATABASE_URL: `file:${join(directory, 'bodies.db')}`,
      KEY_RING_FILE: keyRing,
      AUTH_TOKEN_ISSUER: 'https://tandem.example',
      OVERLOAD_LAG_MS: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let output = '';
  for await (const chunk of child.stdout) {
    output += chunk;
    const [, url] = /"address":"([^"]+)"/.exec(output) ?? [];
    if (url) return { process: child, url };
  }
  throw new Error(`The server did not start: ${output}`);
}

async function ask(message) {
  server.process.send(message);
  const [reply] = await once(server.process, 'message');
  return reply;
}

async function send(body) {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const { errors } = await response.json();
  return { status: response.status, code: errors?.[0]?.extensions.code };
}

async function sendInTinyChunks(body) {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  const head =
    'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked';
  socket.write(`${head}\r\n\r\n${[...body].map((byte) => `1\r\n${byte}\r\n`).join('')}0\r\n\r\n`);
  socket.on('error', () => undefined);
  const [received] = await once(socket, 'data');
  socket.destroy();
  const [, status, code] = /^HTTP\/1.1 (\d+)[^]*"code":"(\w+)"/.exec(received);
  return { status, code };
}

function round(number) {
  return Math.round(number * 10) / 10;
}
