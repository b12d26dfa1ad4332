import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { get } from 'node:http';

const ROOT = join(import.meta.dirname, '..');
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
/** What `npm start` gives to node, from whatever directory. */
const ARGUMENTS = scripts.start
  .split(' ')
  .slice(1)
  .map((word) => (word.endsWith('.mjs') ? join(ROOT, word) : word));
const READY_WITHIN_MS = 60_000;
const RESTART_AFTER_MS = 250;
/** The grace for requests in flight and five seconds for the rest. */
const STOPPED_WITHIN_SECONDS = 16;

/**
 * A process of the built program on a port of its own, with a supervisor that starts it again whenever it ends.
 * `onFault` is told of what a server must never do: end by itself once it is ready, or log a fatal error.
 */
export async function superviseServer({ name, directory, environment, onFault }) {
  const port = await freePort();
  const log = createWriteStream(join(directory, `${name}.log`), { flags: 'a' });
  const pauses = [];
  let child;
  let ready = false;
  let expected = false;
  let held = false;
  let closed = false;
  let spawnedAt = 0;
  const failedStarts = [];

  function spawnChild() {
    ready = false;
    expected = false;
    spawnedAt = performance.now();
    child = spawn(process.execPath, ARGUMENTS, {
      cwd: directory,
      env: { PATH: process.env.PATH, ...environment, HOST: '127.0.0.1', PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', read);
    child.once('exit', (code, by) => void ended(code, by));
    void watchStart(child);
  }

  async function watchStart(started) {
    while (child === started && started.exitCode === null && started.signalCode === null && !ready) {
      ready = (await isReady(port)) && child === started;
      await delay(50);
    }
  }

  function read(line) {
    if (!log.writableEnded) log.write(`${line}\n`);
    if (line.includes('"level":"fatal"')) onFault('fatal error', `${name}: ${line.slice(0, 500)}`);
  }

  async function ended(code, by) {
    if (!expected && ready) onFault('a server ended by itself', `${name}: exit code ${code}, ${by}`);
    // Before it is ready it may give up, as when the database is down: whoever supervises it tries again.
    if (!expected && !ready) failedStarts.push(performance.now() - spawnedAt);
    ready = false;
    while (held) await delay(20);
    await delay(RESTART_AFTER_MS);
    if (!closed) spawnChild();
  }

  async function untilReady() {
    const until = performance.now() + READY_WITHIN_MS;
    while (!ready) {
      if (performance.now() > until) throw new Error(`${name} did not become ready: see its log`);
      await delay(20);
    }
  }

  async function end(signalName) {
    expected = true;
    const gone = child.exitCode !== null || child.signalCode !== null ? undefined : once(child, 'exit');
    child.kill(signalName);
    await gone;
  }

  spawnChild();
  await untilReady();

  return {
    name,
    port,
    pid: () => child.pid,
    /** How long each start took that ended before the server was ready. */
    failedStarts,
    untilReady,
    /** kill -9, and down for so long. */
    async kill(downMs) {
      held = true;
      await end('SIGKILL');
      await delay(downMs);
      held = false;
    },
    /** SIGTERM, as a deployment does; the supervisor starts the next one. */
    async stop() {
      const [stopping, wasReady, from] = [child, ready, performance.now()];
      await end('SIGTERM');
      const seconds = (performance.now() - from) / 1000;
      if (seconds > STOPPED_WITHIN_SECONDS) onFault('a server did not stop', `${name}: ${seconds.toFixed(1)} s`);
      if (wasReady && stopping.exitCode !== 0) onFault('a server did not stop well', `${name}: ${stopping.exitCode}`);
    },
    async pause(milliseconds) {
      const pause = { from: performance.now(), to: Infinity };
      pauses.push(pause);
      child.kill('SIGSTOP');
      await delay(milliseconds);
      child.kill('SIGCONT');
      pause.to = performance.now();
    },
    /** For how much of a stretch of time the process stood still, and could not answer. */
    pausedMs: (from, to) =>
      pauses.reduce((sum, pause) => sum + Math.max(0, Math.min(to, pause.to) - Math.max(from, pause.from)), 0),
    async close() {
      closed = true;
      await end('SIGKILL');
      log.end();
    },
  };
}

function isReady(port) {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/readyz', agent: false, timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
