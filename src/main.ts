import cluster from 'node:cluster';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { isDriverAdapterError } from '@prisma/driver-adapter-utils';
import { createApp } from './app/app.js';
import { ConfigError, loadConfig } from './config.js';
import { openDatabase } from './database/client.js';
import { databaseClock } from './database/database-clock.js';
import { durabilityProblem } from './database/durability.js';
import { migrate } from './database/migrations/migrations.js';
import { isOutage } from './database/outage.js';
import { createLogger } from './shared/logger.js';
import { OperatorError } from './shared/operator-error.js';
import { seed } from './demo/seed.js';
import { onStopSignals } from './stop-signals.js';
import { welcome } from './demo/welcome.js';

/** The server: the only process of `npm start`, each worker of `npm run cluster`. */
async function main(): Promise<void> {
  const { isWorker } = cluster;
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = loadConfig(process.env, isWorker);
  const logger = isWorker ? createLogger(config.logLevel).child({ pid: process.pid }) : createLogger(config.logLevel);
  await migrate({ url: config.database.url });
  const database = openDatabase(config.database);
  const problem = await durabilityProblem(database);
  if (problem !== undefined && config.production) throw new ConfigError([problem]);
  if (problem !== undefined) logger.warn(problem);
  const clock = await databaseClock(database);
  const app = await createApp({ settings: config, database, clock, logger });
  if (!config.production) await seed(database, app.hashing, clock);
  const address = await app.http.listen({ host: config.host, port: config.port });
  logger.info({ event: 'started', address }, 'listening');
  if (!config.production && !isWorker) process.stdout.write(welcome(config.host, new URL(address).port));

  let stopping = false;
  const stop = (exitCode: number, isReplaced = false) => {
    process.exitCode ||= exitCode;
    if (stopping) return;
    stopping = true;
    clock.stop();
    // Whatever hangs, the process ends.
    setTimeout(
      () => process.exit(),
      (config.http.shutdownDelaySeconds + config.http.shutdownGraceSeconds + 5) * 1000,
    ).unref();
    app
      .close({ isReplaced })
      .catch((error: unknown) => logger.error({ err: error }, 'closing failed'))
      .finally(() => cluster.worker?.disconnect());
  };
  if (isWorker) {
    // Ctrl-C in a terminal reaches workers too, but when they end is the cluster's to say.
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => stop(0)).on('SIGHUP', () => stop(0, true));
  } else {
    onStopSignals(
      process,
      () => stop(0),
      () => process.exit(1),
    );
  }
  const fail = (error: unknown) => {
    logger.fatal({ err: error }, 'an error that nobody handled: shutting down');
    stop(1, isWorker);
  };
  process.on('uncaughtException', fail).on('unhandledRejection', fail);
}

main().catch((error: unknown) => {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(`${isForTheOperator(error) ? message : (outageAtStart(error) ?? stack)}\n`);
  // What was opened, connections to the database first of all, would keep a process that serves nobody.
  process.exit(1);
});

/** What the operator can mend is said plainly; anything else with its stack. */
function isForTheOperator(error: unknown): boolean {
  // As a port that is in use, or one that only root may take.
  const syscall = (error as NodeJS.ErrnoException | undefined)?.syscall;
  if (syscall === 'listen' || syscall === 'bind') return true;
  return error instanceof OperatorError;
}

function outageAtStart(error: unknown): string | undefined {
  if (!isOutage(error) || !isDriverAdapterError(error)) return undefined;
  return `The database of DATABASE_URL cannot be used: ${error.cause.originalMessage ?? error.message}.`;
}
