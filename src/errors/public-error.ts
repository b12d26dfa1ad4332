import { ERROR_TABLE, type ErrorRow } from './error-table.js';
import type { ErrorExtensions } from './error-extensions.type.js';
import type { Failure } from './failure.js';

/** The row of a failure, with the failure's own time for a retry if it has one. */
export function rowOf({ kind, retryAfterSeconds }: Failure): ErrorRow {
  const row = ERROR_TABLE[kind];
  return retryAfterSeconds === undefined ? row : { ...row, retryAfterSeconds };
}

/** The GraphQL error that a client receives for a failure. */
export function publicError(failure: Failure): { message: string; extensions: ErrorExtensions } {
  const { code, reason, recovery, message, retryAfterSeconds } = rowOf(failure);
  return {
    message: failure.publicMessage ?? message,
    extensions: {
      code,
      reason,
      recovery,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
      ...(failure.fields && { fields: failure.fields }),
      ...(failure.limit && { limit: failure.limit }),
    },
  };
}
