import { pino, type DestinationStream, type Logger } from 'pino';
import { redact } from './redaction.js';

export type { Logger } from 'pino';

/** What the log keeps while it cannot be written, such as on a full disk. Later lines are lost. */
const MOST_UNWRITTEN_BYTES = 1_000_000;

/** Logs JSON lines. Errors and their causes are logged without secrets. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: serializeError },
  };
  return pino(options, destination ?? standardOutput());
}

/** Standard output. If its reader is gone, pino stops writing. After any other error it tries again with the next line. */
function standardOutput(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: true, maxLength: MOST_UNWRITTEN_BYTES });
  return output.on('error', () => undefined); // an error event without a listener would end the process
}

function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return redact(String(error));
  return {
    type: error.name,
    ...(error.name === 'PrismaClientValidationError'
      ? { message: 'Invalid arguments for a query' } // Prisma prints all arguments, including password hashes
      : { message: redact(error.message), stack: redact(error.stack ?? '') }),
    ...('code' in error && { code: error.code }),
    ...(error.cause !== undefined && { cause: serializeError(error.cause) }),
  };
}
