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
/** The arguments that `npm start` passes to node, with absolute paths. */
const ARGUMENTS = scripts.start
  .split(' ')
  .slice(1)
  .map((word) => (word.endsWith('.mjs') ? join(ROOT, word) : word));
const READY_WITHIN_MS = 60_000;
const RESTART_AFTER_MS = 250;
/** SHUTDOWN_GRACE_SECONDS for requests in flight, and five seconds for the rest. */
const STOPPED_WITHIN_SECONDS = 16;

/**
 * Starts the built program on its own port, and restarts it whenever it exits. Calls `onFault` if a ready server exits
 * by itself or a server logs a fatal error.
 */
export async function superviseServer({ name, directory, environment, onFault }) {
  const port = await freePort();
  const log = createWriteStream(join(directory, `${name}.log`), { flags: 'a' });
  const pauses = [];
  let child;
  let ready = false;
  let expected = false;
  let keptDown = false;
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
    child.once('exit', (code, by) => void onExit(code, by));
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
    // A server may fail to start while the database is down: the supervisor restarts it.
    if (line.includes('"level":"fatal"') && !line.includes('"event":"start.failed"'))
      onFault('fatal error', `${name}: ${line.slice(0, 500)}`);
  }

  async function onExit(code, by) {
    if (!expected && ready) onFault('a server exited by itself', `${name}: exit code ${code}, ${by}`);
    // A server may exit before it is ready, for example because the database is down. The supervisor restarts it.
    if (!expected && !ready) failedStarts.push(performance.now() - spawnedAt);
    ready = false;
    while (keptDown) await delay(20);
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

  async function terminate(signalName) {
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
    /** For each server that exited before it was ready: how many milliseconds it ran. */
    failedStarts,
    untilReady,
    /** kill -9; the restart waits `downMs`. */
    async kill(downMs) {
      keptDown = true;
      await terminate('SIGKILL');
      await delay(downMs);
      keptDown = false;
    },
    /** SIGTERM, as a deployment sends it; the supervisor restarts the server. */
    async stop() {
      const [stopping, wasReady, from] = [child, ready, performance.now()];
      await terminate('SIGTERM');
      const seconds = (performance.now() - from) / 1000;
      if (seconds > STOPPED_WITHIN_SECONDS)
        onFault('a server took too long to stop', `${name}: ${seconds.toFixed(1)} s`);
      // Another fault may kill the server while it stops.
      if (wasReady && stopping.exitCode !== 0 && stopping.signalCode !== 'SIGKILL')
        onFault('a server stopped with an error', `${name}: ${stopping.exitCode}`);
    },
    async pause(milliseconds) {
      const pause = { from: performance.now(), to: Infinity };
      pauses.push(pause);
      child.kill('SIGSTOP');
      await delay(milliseconds);
      child.kill('SIGCONT');
      pause.to = performance.now();
    },
    /** How many milliseconds of a period the process was paused and could not respond. */
    pausedMs: (from, to) =>
      pauses.reduce((sum, pause) => sum + Math.max(0, Math.min(to, pause.to) - Math.max(from, pause.from)), 0),
    async close() {
      closed = true;
      await terminate('SIGKILL');
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
