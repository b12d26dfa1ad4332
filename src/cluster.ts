import cluster from 'node:cluster';
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import process from 'node:process';
import { parseEnv } from 'node:util';
import { supervision } from './cluster/supervision.js';
import { workerProcess } from './cluster/worker-process.js';
import { loadConfig } from './config.js';
import { createLogger } from './shared/logger.js';
import { OperatorError } from './shared/operator-error.js';
import { onStopSignals } from './stop-signals.js';
import { welcome } from './demo/welcome.js';

/** Workers end themselves when they overrun; this comes later, for one that cannot. */
const OVERRUN_SECONDS = 10;

/** Tells libuv to let other workers go first after each connection, which spreads them more evenly. */
const TAKING_TURNS = { UV_TCP_SINGLE_ACCEPT: '1' };

async function main(): Promise<void> {
  // Only looked at: what .env says is left to the workers, so that those of a reload read it anew.
  const file = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
  const config = loadConfig({ ...file, ...process.env });
  const { pid } = process;
  const logger = createLogger(config.logLevel).child({ pid });
  const patienceMs = (config.http.shutdownDelaySeconds + config.http.shutdownGraceSeconds + OVERRUN_SECONDS) * 1000;

  // Workers take connections themselves. Handed out in turn, one that is given to a dying worker would hang for ever.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  cluster.setupPrimary({ exec: join(import.meta.dirname, `main${extname(import.meta.filename)}`) });
  const workers = supervision({
    count: config.workers,
    fork: () => workerProcess(cluster.fork({ CLUSTER_WORKERS: config.workers, ...TAKING_TURNS }), patienceMs),
    logger,
  });

  let stopping = false;
  const end = (exitCode: number) => {
    workers.kill();
    process.exit(exitCode);
  };
  const stop = () => {
    stopping = true;
    void workers.stop().then((inTime) => end(inTime ? 0 : 1));
  };
  onStopSignals(process, stop, () => end(1));

  const port = await workers.start();
  if (stopping) return;
  if (port === undefined) {
    process.stderr.write('No worker could start.\n'); // it has said why
    return end(1);
  }
  process.on('SIGHUP', () => workers.reload());
  logger.info({ event: 'cluster.started', workers: config.workers, port }, 'all workers were started');
  if (!config.production) process.stdout.write(welcome(config.host, String(port)));
}

main().catch((error: unknown) => {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(`${error instanceof OperatorError ? message : stack}\n`);
  process.exit(1);
});
