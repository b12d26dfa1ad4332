import cluster from 'node:cluster';
import process from 'node:process';
import { createApp } from './app/app.js';
import { isAcceptError } from './http/accept-errors.js';
import { listen } from './http/listen.js';
import { sampleEventLoopLag } from './http/overload/event-loop-lag.js';
import { ConfigError, loadConfig } from './config.js';
import { databaseClock } from './database/database-clock.js';
import { openDatabases } from './database/databases.js';
import { durabilityProblem } from './database/durability.js';
import { readEnvironmentFile } from './environment-file.js';
import { migratedDatabase } from './migrated-database.js';
import { loadEnvironment, runServer } from './program.js';
import { settingWarnings } from './setting-warnings.js';
import { createLogger } from './shared/logger.js';
import { seed } from './demo/seed.js';
import { onStopSignals } from './stop-signals.js';
import { welcome } from './demo/welcome.js';

/** Shows a developer links and codes of mails. Not in production, where they are never written to a folder. */
const print = (text: string) => void process.stdout.write(text);

/** The server: the only process of `npm start`, and each worker of `npm run cluster`. */
async function main(): Promise<void> {
  const { isWorker } = cluster;
  const config = loadConfig(loadEnvironment(), isWorker);
  const logger = isWorker ? createLogger(config.logLevel).child({ pid: process.pid }) : createLogger(config.logLevel);
  const warnings = isWorker ? [] : settingWarnings(process.env, readEnvironmentFile(), true);
  for (const warning of warnings) logger.warn(warning);
  const databases = await migratedDatabase(config, logger, openDatabases);
  const { database } = databases;
  const problem = await durabilityProblem(database);
  if (problem !== undefined && config.production) throw new ConfigError([problem]);
  if (problem !== undefined) logger.warn(problem);
  const clock = await databaseClock(database);
  const app = await createApp({ settings: config, ...databases, clock, logger, sampleLag: sampleEventLoopLag, print });
  if (!config.production) await seed(database, app.hashing, clock);
  const address = await listen(app.http, config);
  let stopping = false;
  const stop = (exitCode: number, isReplaced = false) => {
    process.exitCode ||= exitCode;
    if (stopping) return;
    stopping = true;
    logger.info({ event: 'stopping', isReplaced }, 'shutting down');
    clock.stop();
    // The process exits even if a part of it does not close.
    setTimeout(
      () => process.exit(),
      (config.http.shutdownDelaySeconds + config.http.shutdownGraceSeconds + 5) * 1000,
    ).unref();
    app
      .close({ isReplaced })
      .then(() => logger.info({ event: 'stopped' }, 'shut down'))
      .catch((error: unknown) => logger.error({ err: error }, 'closing failed'))
      .finally(() => cluster.worker?.disconnect());
  };
  if (isWorker) {
    // Ctrl-C in a terminal reaches workers too, but only the cluster's first process decides when they stop.
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
    // Of the other server that Fastify runs if HOST has two addresses, as localhost does.
    if (isAcceptError(error)) return;
    logger.fatal({ err: error }, 'unhandled error: shutting down');
    stop(1, isWorker);
  };
  process.on('uncaughtException', fail).on('unhandledRejection', fail);

  // Only now: whoever waits for this line may send a signal at once.
  logger.info({ event: 'started', address }, 'listening');
  if (!config.production && !isWorker) process.stdout.write(welcome(config.host, new URL(address).port, config.http));
}

runServer(main);
