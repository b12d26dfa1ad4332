import { ErrorCode, ErrorReason, Recovery } from './error-codes.js';
import type { FailureKind } from './failure.js';

/** No response has more bytes than this. A page of 100 posts with texts of 50,000 ASCII characters is 5 MB. */
export const MAX_RESPONSE_BYTES = 6_000_000;

/** What a client receives for a failure. */
export interface ErrorRow {
  readonly code: ErrorCode;
  readonly reason: ErrorReason | null;
  readonly recovery: Recovery;
  /** The HTTP status of a response without data; with data it is 200 (GraphQL over HTTP). */
  readonly status: number;
  /** Says what to do next. The cause goes to the log. */
  readonly message: string;
  readonly retryAfterSeconds?: number;
  /** The WWW-Authenticate header (RFC 6750 §3). */
  readonly challenge?: string;
}

/** Apollo Server's codes for requests that are not valid GraphQL requests. */
export const REQUEST_ERROR_CODES = {
  GRAPHQL_PARSE_FAILED: 'The document is not GraphQL, or it is too long.',
  GRAPHQL_VALIDATION_FAILED: 'The document does not fit the schema.',
  OPERATION_RESOLUTION_FAILURE: 'The document has no operation with this name.',
  PERSISTED_QUERY_NOT_SUPPORTED: 'Persisted queries are not supported: send the document itself.',
  PERSISTED_QUERY_NOT_FOUND:
    'No trusted document has this hash. Send the document itself; in strict mode it must be a trusted one.',
  BAD_REQUEST: 'The HTTP request is not a GraphQL request: see https://graphql.github.io/graphql-over-http.',
} as const satisfies Partial<Record<ErrorCode, string>>;

const CHALLENGE = 'Bearer realm="tandem"';
const UNAUTHENTICATED =
  'This requires a valid auth token. If extensions.recovery is REFRESH, call refreshToken and retry. If it is LOG_IN, call login.';
const INVALID_REFRESH_TOKEN = 'This refresh token cannot be exchanged. Log in again with login.';

/** The one table of errors: code, reason, recovery, status and public message of each. */
export const ERROR_TABLE: Readonly<Record<FailureKind, ErrorRow>> = {
  TOKEN_MISSING: unauthenticated(ErrorReason.TOKEN_MISSING, Recovery.LOG_IN),
  TOKEN_EXPIRED: unauthenticated(ErrorReason.TOKEN_EXPIRED, Recovery.REFRESH, 'The auth token expired'),
  TOKEN_STALE: unauthenticated(ErrorReason.TOKEN_STALE, Recovery.REFRESH, 'The auth token is out of date'),
  TOKEN_INVALID: unauthenticated(ErrorReason.TOKEN_INVALID, Recovery.LOG_IN, 'The auth token is not valid'),
  TOKEN_REVOKED: unauthenticated(ErrorReason.TOKEN_REVOKED, Recovery.LOG_IN, 'The auth token was revoked'),
  WRONG_EMAIL_OR_PASSWORD: invalidCredentials(
    ErrorReason.WRONG_EMAIL_OR_PASSWORD,
    'The e-mail address or the password is wrong.',
  ),
  WRONG_PASSWORD: invalidCredentials(ErrorReason.WRONG_PASSWORD, 'The current password is wrong.'),
  SECOND_FACTOR_REQUIRED: invalidCredentials(
    ErrorReason.SECOND_FACTOR_REQUIRED,
    'This account has a second factor. Send its current code as otp.',
  ),
  SECOND_FACTOR_INVALID: invalidCredentials(
    ErrorReason.SECOND_FACTOR_INVALID,
    'The code is wrong or was used before. Wait for the next one and send it as otp.',
  ),
  REFRESH_TOKEN_UNKNOWN: invalidRefreshToken(ErrorReason.REFRESH_TOKEN_UNKNOWN),
  REFRESH_TOKEN_EXPIRED: invalidRefreshToken(ErrorReason.REFRESH_TOKEN_EXPIRED),
  REFRESH_TOKEN_REVOKED: invalidRefreshToken(ErrorReason.REFRESH_TOKEN_REVOKED),
  REFRESH_TOKEN_REUSED: invalidRefreshToken(ErrorReason.REFRESH_TOKEN_REUSED),
  REFRESH_TOKEN_SUPERSEDED: {
    code: ErrorCode.INVALID_REFRESH_TOKEN,
    reason: ErrorReason.REFRESH_TOKEN_SUPERSEDED,
    recovery: Recovery.USE_NEWER_TOKENS,
    status: 400,
    message:
      'Newer tokens of this session were issued. Use the ones that you stored. If you have none after 10 seconds, call logout with this token and log in again.',
  },
  RECENT_LOGIN_REQUIRED: {
    code: ErrorCode.FORBIDDEN,
    reason: ErrorReason.RECENT_LOGIN_REQUIRED,
    recovery: Recovery.STEP_UP,
    status: 403,
    message: 'This requires a recent login. Call reauthenticate, or log in again, and retry with the new token.',
  },
  INVITATION_REQUIRED: {
    code: ErrorCode.FORBIDDEN,
    reason: ErrorReason.INVITATION_REQUIRED,
    recovery: Recovery.NONE,
    status: 403,
    message:
      'Signing up needs an invitation for this address that was not used and has not expired. Ask the operator for one.',
  },
  ORIGIN_NOT_ALLOWED: {
    code: ErrorCode.FORBIDDEN,
    reason: ErrorReason.ORIGIN_NOT_ALLOWED,
    recovery: Recovery.NONE,
    status: 403,
    message:
      'This server sends refresh tokens in cookies (REFRESH_TOKEN_TRANSPORT), so the Origin of this request must be that of PUBLIC_URL or one of CORS_ORIGINS, and of the same site as the API.',
  },
  ONE_TIME_TOKEN_INVALID: {
    code: ErrorCode.BAD_USER_INPUT,
    reason: ErrorReason.ONE_TIME_TOKEN_INVALID,
    recovery: Recovery.FIX_INPUT,
    status: 400,
    message: 'This link was used before, or it has expired. Request a new one.',
  },
  OPERATION_TOO_LARGE: {
    code: ErrorCode.BAD_USER_INPUT,
    reason: ErrorReason.OPERATION_TOO_LARGE,
    recovery: Recovery.FIX_INPUT,
    status: 400,
    message: 'The document has more of something than the server allows. Send several requests.',
  },
  RESPONSE_TOO_LARGE: {
    code: ErrorCode.BAD_USER_INPUT,
    reason: ErrorReason.RESPONSE_TOO_LARGE,
    recovery: Recovery.FIX_INPUT,
    status: 400,
    message: `The response would have more than ${MAX_RESPONSE_BYTES.toLocaleString('en')} bytes. Request smaller pages (first, last), or fewer fields.`,
  },
  DOCUMENT_NOT_TRUSTED: {
    code: ErrorCode.BAD_USER_INPUT,
    reason: ErrorReason.DOCUMENT_NOT_TRUSTED,
    recovery: Recovery.FIX_INPUT,
    status: 400,
    message: 'The server does not have this document. Send the ID or the exact text of a trusted document.',
  },
  INTROSPECTION_DISABLED: {
    code: ErrorCode.GRAPHQL_VALIDATION_FAILED,
    reason: ErrorReason.INTROSPECTION_DISABLED,
    recovery: Recovery.FIX_INPUT,
    status: 400,
    message: 'This server does not answer __schema and __type. Use the schema.graphql of its version.',
  },
  FORBIDDEN: {
    code: ErrorCode.FORBIDDEN,
    reason: null,
    recovery: Recovery.NONE,
    status: 403,
    message: 'Your account does not have the required role.',
  },
  NOT_FOUND: {
    code: ErrorCode.NOT_FOUND,
    reason: null,
    recovery: Recovery.FIX_INPUT,
    status: 404,
    message: 'No object with this id is accessible to you.',
  },
  BAD_USER_INPUT: {
    code: ErrorCode.BAD_USER_INPUT,
    reason: null,
    recovery: Recovery.FIX_INPUT,
    status: 400,
    message: 'The input is not valid.',
  },
  CONFLICT: {
    code: ErrorCode.CONFLICT,
    reason: null,
    recovery: Recovery.FIX_INPUT,
    status: 409,
    message: 'This conflicts with existing data.',
  },
  RATE_LIMITED: {
    code: ErrorCode.RATE_LIMITED,
    reason: null,
    recovery: Recovery.RETRY,
    status: 429,
    message: 'Too many attempts. Retry after the time in Retry-After.',
    retryAfterSeconds: 30, // a failure says its own
  },
  SERVICE_UNAVAILABLE: {
    code: ErrorCode.SERVICE_UNAVAILABLE,
    reason: null,
    recovery: Recovery.RETRY,
    status: 503,
    message: 'The service is temporarily unavailable. Keep your tokens and retry shortly.',
    retryAfterSeconds: 2,
  },
  INTERNAL_SERVER_ERROR: {
    code: ErrorCode.INTERNAL_SERVER_ERROR,
    reason: null,
    recovery: Recovery.NONE,
    status: 500,
    message: 'Something failed inside the service. The error was logged.',
  },
};

function unauthenticated(reason: ErrorReason, recovery: Recovery, description?: string): ErrorRow {
  const challenge = description ? `${CHALLENGE}, error="invalid_token", error_description="${description}"` : CHALLENGE;
  return { code: ErrorCode.UNAUTHENTICATED, reason, recovery, status: 401, message: UNAUTHENTICATED, challenge };
}

function invalidCredentials(reason: ErrorReason, message: string): ErrorRow {
  return { code: ErrorCode.INVALID_CREDENTIALS, reason, recovery: Recovery.FIX_INPUT, status: 400, message };
}

function invalidRefreshToken(reason: ErrorReason): ErrorRow {
  const { LOG_IN: recovery } = Recovery;
  return { code: ErrorCode.INVALID_REFRESH_TOKEN, reason, recovery, status: 400, message: INVALID_REFRESH_TOKEN };
}
