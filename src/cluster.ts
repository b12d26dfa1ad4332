import cluster from 'node:cluster';
import { realpathSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import process from 'node:process';
import { supervision } from './cluster/supervision.js';
import { workerProcess } from './cluster/worker-process.js';
import { loadConfig } from './config.js';
import { readEnvironmentFile } from './environment-file.js';
import { readEnvironment, runServer } from './program.js';
import { settingWarnings } from './setting-warnings.js';
import { createLogger } from './shared/logger.js';
import { onStopSignals } from './stop-signals.js';
import { welcome } from './demo/welcome.js';

/** Workers exit by themselves after their shutdown grace. A worker that does not is killed this much later. */
const OVERRUN_SECONDS = 10;

/** Makes libuv pause after each accepted connection, which spreads connections more evenly over the workers. */
const SINGLE_ACCEPT = { UV_TCP_SINGLE_ACCEPT: '1' };

async function main(): Promise<void> {
  // Does not set variables: workers inherit the environment, and after a reload they must read a changed .env.
  const config = loadConfig(readEnvironment());
  const { pid } = process;
  const logger = createLogger(config.logLevel).child({ pid });
  for (const warning of settingWarnings(process.env, readEnvironmentFile())) logger.warn(warning);
  const stopTimeoutMs = (config.http.shutdownDelaySeconds + config.http.shutdownGraceSeconds + OVERRUN_SECONDS) * 1000;

  // Workers accept connections themselves. With round-robin, a connection given to a crashing worker would never close.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  cluster.setupPrimary({ exec: workerScript() });
  const fork = () => workerProcess(cluster.fork({ CLUSTER_WORKERS: config.workers, ...SINGLE_ACCEPT }), stopTimeoutMs);
  const workers = supervision(config.workers, fork, logger);

  let stopping = false;
  const end = (exitCode: number) => {
    workers.kill();
    process.exit(exitCode);
  };
  const stop = () => {
    stopping = true;
    logger.info({ event: 'cluster.stopping' }, 'shutting all workers down');
    void workers.stop().then((inTime) => end(inTime ? 0 : 1));
  };
  onStopSignals(process, stop, () => end(1));

  const starting = workers.start();
  // Without a listener, SIGHUP ends the process, and systemd considers that a clean exit.
  process.on('SIGHUP', () => void starting.then(() => workers.reload()));
  const port = await starting;
  if (stopping) return;
  if (port === undefined) {
    process.stderr.write('No worker could start.\n'); // the worker has printed the reason
    return end(1);
  }
  logger.info({ event: 'cluster.started', workers: config.workers, port }, 'all workers were started');
  if (!config.production) process.stdout.write(welcome(config.host, String(port), config.http));
}

/**
 * The program of the workers. If a symbolic link such as /opt/tandem/current leads to this program, the path keeps the
 * link, so that a reload runs the code that the link points to by then.
 */
function workerScript(): string {
  const [, program] = process.argv;
  const folder = program && realpathSync(program) === import.meta.filename ? dirname(program) : import.meta.dirname;
  return join(folder, `main${extname(import.meta.filename)}`);
}

runServer(main);
