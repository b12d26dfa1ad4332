import { existsSync } from 'node:fs';
import process from 'node:process';
import { createApp } from './app.js';
import { ConfigError, loadConfig } from './config.js';
import { openDatabase } from './database/client.js';
import { databaseClock } from './database/database-clock.js';
import { MigrationError } from './database/migration-error.js';
import { migrate } from './database/migrations.js';
import { KeyRingError } from './sessions/key-ring-jwks.js';
import { createLogger } from './shared/logger.js';
import { seed } from './seed.js';
import { welcome } from './welcome.js';

async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = loadConfig(process.env);
  const logger = createLogger(config.logLevel);
  await migrate({ url: config.databaseUrl });
  const database = openDatabase({ url: config.databaseUrl, limits: config.databaseLimits });
  const clock = await databaseClock(database);
  const app = await createApp({ config, database, clock, logger });
  if (!config.production) await seed(database, app.hashing, clock);
  const address = await app.http.listen({ host: config.host, port: config.port });
  logger.info({ event: 'started', address }, 'listening');
  if (!config.production) process.stdout.write(welcome(config.host, new URL(address).port));

  let stopping = false;
  const stop = (exitCode: number) => {
    process.exitCode ||= exitCode;
    if (stopping) return;
    stopping = true;
    clock.stop();
    // Whatever hangs, the process ends.
    setTimeout(() => process.exit(), (config.shutdownDelaySeconds + config.shutdownGraceSeconds + 5) * 1000).unref();
    app.close().catch((error: unknown) => logger.error({ err: error }, 'closing failed'));
  };
  process.on('SIGTERM', () => stop(0)).on('SIGINT', () => stop(0));
  const fail = (error: unknown) => {
    logger.fatal({ err: error }, 'an error that nobody handled: shutting down');
    stop(1);
  };
  process.on('uncaughtException', fail).on('unhandledRejection', fail);
}

main().catch((error: unknown) => {
  // What the operator can mend is said plainly; anything else with its stack.
  const expected = [ConfigError, KeyRingError, MigrationError].some((kind) => error instanceof kind);
  process.stderr.write(
    `${expected && error instanceof Error ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = 1;
});
