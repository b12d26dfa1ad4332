// Starts servers on the servers' core and reads their memory and processor time from /proc.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, truncateSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pinned } from './cores.mjs';
import { ISSUER } from './settings.mjs';

const reference = (name) => ({ args: [join('bench', 'references', `${name}.mjs`)] });
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));

export const ON_POSTGRES = 'tandem on PostgreSQL';

/** How each server is started. Tandem is started as `npm start` does. */
export const PROGRAMS = {
  limit: reference('limit'),
  apollo: reference('apollo'),
  mercurius: reference('mercurius'),
  tandem: { args: scripts.start.split(' ').slice(1) },
};

/** Starts a server and waits until it accepts connections. `database` is a file or a PostgreSQL URL; `program.cwd` is the checkout. */
export async function startServer({ program, database, keyRingPath, logPath, environment }) {
  const port = await freePort();
  const [command, ...args] = pinned([process.execPath, ...program.args]);
  const log = openSync(logPath, 'a');
  const startedAt = performance.now();
  const child = spawn(command, args, {
    cwd: program.cwd,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      KEY_RING_FILE: keyRingPath,
      AUTH_TOKEN_ISSUER: ISSUER.issuer,
      REFRESHES_PER_SESSION: '1000000',
      DATABASE_FILE: database,
      DATABASE_URL: database.includes('://') ? database : `file:${database}`,
      ...environment,
    },
    stdio: ['ignore', log, log],
  });
  const gone = once(child, 'exit');
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error(`A server did not start: ${readFileSync(logPath, 'utf8')}`);
    await delay(5);
  }
  return {
    port,
    pid: child.pid,
    startedAt,
    memory: () => memoryOf(child.pid),
    processorSeconds: () => processorSecondsOf(child.pid),
    /** Empties the log, so that a full disk does not affect the measurement. */
    dropLog: () => truncateSync(logPath),
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** Resident memory in MB: now, and the maximum so far. */
function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const [now, most] = ['VmRSS', 'VmHWM'].map((name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]) / 1024);
  return { now, most };
}

/** The processor time of all threads of the process so far. */
function processorSecondsOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [userTicks, systemTicks] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number);
  return (userTicks + systemTicks) / 100;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function isListening(port) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const settle = (listening) => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', () => settle(true)).once('error', () => settle(false));
  });
}
