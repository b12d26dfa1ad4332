import { ERROR_TABLE } from './error-table.js';
import type { Failure } from './failure.js';

/** The GraphQL error that a client receives for a failure. */
export function publicError(failure: Failure): { message: string; extensions: Record<string, unknown> } {
  const { code, reason, recovery, message, retryAfterSeconds } = ERROR_TABLE[failure.kind];
  return {
    message: failure.publicMessage ?? message,
    extensions: { code, reason, recovery, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) },
  };
}
