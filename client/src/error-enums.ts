/** The enum `ErrorCode` of the schema: `extensions.code`. */
export const ERROR_CODES = [
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'CONFLICT',
  'FORBIDDEN',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'INTERNAL_SERVER_ERROR',
  'INVALID_CREDENTIALS',
  'INVALID_REFRESH_TOKEN',
  'NOT_FOUND',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'UNAUTHENTICATED',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** The enum `ErrorReason` of the schema: `extensions.reason`. */
export const ERROR_REASONS = [
  'DOCUMENT_NOT_TRUSTED',
  'INTROSPECTION_DISABLED',
  'INVITATION_REQUIRED',
  'ONE_TIME_TOKEN_INVALID',
  'OPERATION_TOO_LARGE',
  'ORIGIN_NOT_ALLOWED',
  'RECENT_LOGIN_REQUIRED',
  'REFRESH_TOKEN_EXPIRED',
  'REFRESH_TOKEN_REUSED',
  'REFRESH_TOKEN_REVOKED',
  'REFRESH_TOKEN_SUPERSEDED',
  'REFRESH_TOKEN_UNKNOWN',
  'RESPONSE_TOO_LARGE',
  'SECOND_FACTOR_INVALID',
  'SECOND_FACTOR_REQUIRED',
  'TOKEN_EXPIRED',
  'TOKEN_INVALID',
  'TOKEN_MISSING',
  'TOKEN_REVOKED',
  'TOKEN_STALE',
  'WRONG_EMAIL_OR_PASSWORD',
  'WRONG_PASSWORD',
] as const;
export type ErrorReason = (typeof ERROR_REASONS)[number];

/** The enum `Recovery` of the schema: `extensions.recovery`. */
export const RECOVERIES = ['FIX_INPUT', 'LOG_IN', 'NONE', 'REFRESH', 'RETRY', 'STEP_UP', 'USE_NEWER_TOKENS'] as const;
export type Recovery = (typeof RECOVERIES)[number];

/** The enum `FieldErrorReason` of the schema: `extensions.fields[].reason`. */
export const FIELD_ERROR_REASONS = [
  'BLANK',
  'BREACHED',
  'EASY_TO_GUESS',
  'INVALID_CHARACTER',
  'INVALID_CURSOR',
  'INVALID_FORMAT',
  'KEY_ALREADY_USED',
  'MUTUALLY_EXCLUSIVE',
  'NOT_ACCEPTED',
  'OUT_OF_RANGE',
  'REQUIRED',
  'TOO_LONG',
  'TOO_SHORT',
  'UNKNOWN_FIELD',
  'WRONG_PASSWORD',
  'WRONG_TYPE',
] as const;
export type FieldErrorReason = (typeof FIELD_ERROR_REASONS)[number];

/** The `extensions` of an error. */
export interface ErrorExtensions {
  code: ErrorCode;
  reason?: ErrorReason | null;
  recovery: Recovery;
  retryAfterSeconds?: number | null;
  fields?: { path: string[]; reason: FieldErrorReason; message: string }[] | null;
}
