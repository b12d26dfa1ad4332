import process from 'node:process';
import { isDriverAdapterError } from '@prisma/driver-adapter-utils';
import { readEnvironmentFile } from './environment-file.js';
import { Failure } from './errors/failure.js';
import { redact } from './shared/redaction.js';
import { OperatorError } from './shared/operator-error.js';

type Environment = Record<string, string | undefined>;

/** The variables of the process and of `.env` in the working directory. A variable of the process takes precedence. */
export function readEnvironment(): Environment {
  return { ...readEnvironmentFile(), ...process.env };
}

/** As `readEnvironment`. Also sets the variables in this process, where libraries read theirs, such as `PGSSLMODE`. */
export function loadEnvironment(): Environment {
  return Object.assign(process.env, readEnvironment());
}

/** Runs a server as `runProgram` does. In production its log says why it did not start, too. */
export function runServer(main: () => Promise<void>): void {
  runProgram(main, async (message) => {
    if (process.env['NODE_ENV'] !== 'production') return;
    const { createLogger } = await import('./shared/logger.js');
    createLogger('fatal').fatal({ event: 'start.failed' }, redact(message));
  });
}

/** Runs a program or a command. If it fails, prints what the operator can do, or a stack trace, and exits with 1. */
export function runProgram(main: () => Promise<void>, onFailure?: (message: string) => Promise<void>): void {
  // If nobody reads the output any more (`npm start | head`), an error event without a listener would end the process.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  main().catch(async (error: unknown) => {
    const message = await report(error);
    process.stderr.write(`${message}\n`);
    await onFailure?.(message);
    // An open database connection would keep a process that does no work.
    process.exit(1);
  });
}

/** A message for errors that the operator can correct, and a stack trace for all others. */
async function report(error: unknown): Promise<string> {
  if (error instanceof OperatorError || isListenError(error)) return error.message;
  if (error instanceof Failure) return error.publicMessage ?? error.kind;
  // Loaded late: the first process of a cluster stays small without Prisma's client.
  const { isOutage } = await import('./database/outage.js');
  if (isOutage(error) && isDriverAdapterError(error)) {
    return `The database of DATABASE_URL cannot be used: ${error.cause.originalMessage ?? error.message}.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The port is in use, or only root may listen on it. */
function isListenError(error: unknown): error is Error {
  const { syscall } = (error ?? {}) as NodeJS.ErrnoException;
  return error instanceof Error && (syscall === 'listen' || syscall === 'bind');
}
