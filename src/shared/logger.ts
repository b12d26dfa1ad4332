import { pino, type DestinationStream, type Logger } from 'pino';
import { redact } from './redaction.js';

export type { Logger } from 'pino';

/** JSON lines. Whatever is logged, what looks like a secret is cut out of errors and their causes. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: serializeError },
  };
  return destination ? pino(options, destination) : pino(options);
}

function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return redact(String(error));
  return {
    type: error.name,
    ...(error.name === 'PrismaClientValidationError'
      ? { message: 'Invalid arguments for a query' } // Prisma prints all of them, password hashes too
      : { message: redact(error.message), stack: redact(error.stack ?? '') }),
    ...('code' in error && { code: error.code }),
    ...(error.cause !== undefined && { cause: serializeError(error.cause) }),
  };
}
