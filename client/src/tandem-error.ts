import type { ErrorCode, ErrorExtensions, ErrorReason, FieldErrorReason, Recovery } from './error-enums.js';

export interface TandemError {
  code: ErrorCode;
  reason?: ErrorReason;
  recovery: Recovery;
  retryAfterSeconds?: number;
  /** All problems of the input. `path` begins with the name of the argument. */
  fields: { path: string[]; reason: FieldErrorReason; message: string }[];
}

/** Where the GraphQL errors are: `errors` in responses and in Apollo Client, and so on. */
const PLACES = ['errors', 'graphQLErrors', 'response', 'source', 'cause', 'networkError', 'result'];

/**
 * What the server says about an error, if it comes from the server. Reads errors of Apollo Client, urql, graphql-request and
 * Relay, GraphQL errors, and parsed responses.
 */
export function tandemError(error: unknown): TandemError | undefined {
  const found = extensionsIn(error, 4);
  if (!found) return undefined;
  const { code, reason, recovery, retryAfterSeconds, fields } = found;
  return {
    code,
    recovery,
    ...(reason && { reason }),
    ...(retryAfterSeconds != null && { retryAfterSeconds }),
    fields: fields ?? [],
  };
}

function extensionsIn(value: unknown, depth: number): ErrorExtensions | undefined {
  if (typeof value !== 'object' || value === null || depth === 0) return undefined;
  const { extensions } = value as { extensions?: Partial<ErrorExtensions> };
  if (extensions?.code && extensions.recovery) return extensions as ErrorExtensions;
  const inside = Array.isArray(value) ? value : PLACES.map((place) => (value as Record<string, unknown>)[place]);
  for (const one of inside) {
    const found = extensionsIn(one, depth - 1);
    if (found) return found;
  }
  return undefined;
}
