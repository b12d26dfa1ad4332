import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import type { Scratch } from './scratch.js';

/** One line of the log. */
export interface LogLine {
  event?: string;
  pid?: number;
  /** In log lines of the primary: the worker that the line is about. */
  worker?: number;
  [name: string]: unknown;
}

export interface ClusterProcess {
  /** The process ID of the primary. */
  readonly pid: number;
  readonly exitCode: Promise<number | null>;
  url(): URL;
  /** The log lines with this event so far. */
  logged(event: string): LogLine[];
  /** Resolves when `condition` is true. It is evaluated after each log line. */
  until<T>(condition: () => T | undefined | false): Promise<T>;
  /** Resolves to the `count`th log line with this event. */
  untilLogged(event: string, count?: number): Promise<LogLine>;
  /** The workers that have started and not exited, according to the log. */
  workers(): number[];
  signal(signal: NodeJS.Signals, pid?: number): void;
  output(): string;
  /** Kills the cluster and its workers if they still run. */
  end(): Promise<void>;
}

/** Starts what `npm run cluster` runs, in the test's own directory. */
export function spawnCluster(
  scratch: Scratch,
  environment: Record<string, string> = {},
  program = resolve('dist/bundle/cluster.mjs'),
): ClusterProcess {
  const child = spawn(process.execPath, [program], {
    cwd: scratch.path,
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'development', // with demo accounts
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      DATABASE_URL: scratch.url,
      KEY_RING_FILE: join(scratch.path, 'key-ring.json'),
      CLUSTER_WORKERS: '2',
      REFRESHES_PER_SESSION: '1000000',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let unread = '';
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  const read = (chunk: unknown) => {
    output += String(chunk);
    const whole = (unread + String(chunk)).split('\n');
    unread = whole.pop() ?? '';
    lines.push(...whole.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogLine));
    for (const look of waiting) look();
  };
  child.stdout.on('data', read);
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const exitCode = once(child, 'close').then(([code]) => code as number | null);

  const cluster: ClusterProcess = {
    pid: child.pid ?? 0,
    exitCode,
    url: () => new URL(`${lines.find((line) => line.event === 'started')?.['address']}`),
    logged: (event) => lines.filter((line) => line.event === event),
    until(condition) {
      return new Promise((settle, fail) => {
        const look = () => {
          const value = condition();
          if (!value) return;
          waiting.delete(look);
          settle(value);
        };
        waiting.add(look);
        look();
        void exitCode.then(() => fail(new Error(`The cluster ended: ${output}`)));
      });
    },
    untilLogged: (event, count = 1) => cluster.until(() => cluster.logged(event)[count - 1]),
    workers() {
      const ended = ['cluster.worker_died', 'cluster.worker_replaced'].flatMap((event) => cluster.logged(event));
      const gone = new Set(ended.map(({ worker }) => worker));
      return cluster.logged('cluster.worker_started').flatMap(({ worker = 0 }) => (gone.has(worker) ? [] : worker));
    },
    // A cluster that has just ended is no error.
    signal: (signal, pid) => void (pid === undefined ? child.kill(signal) : process.kill(pid, signal)),
    output: () => output,
    async end() {
      child.kill('SIGKILL');
      await exitCode;
    },
  };
  return cluster;
}

/** Starts a cluster and waits until all workers listen. */
export async function startCluster(
  scratch: Scratch,
  environment: Record<string, string> = {},
): Promise<ClusterProcess> {
  const cluster = spawnCluster(scratch, environment);
  await cluster.untilLogged('cluster.started');
  return cluster;
}
