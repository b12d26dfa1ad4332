import { registerEnumType } from 'type-graphql';
import { ErrorCode, ErrorReason, FieldErrorReason, OperationLimit, Recovery } from './error-codes.js';
import { REQUEST_ERROR_CODES } from './error-table.js';

registerEnumType(ErrorCode, {
  name: 'ErrorCode',
  description: 'The kind of an error: `extensions.code`.',
  valuesConfig: {
    UNAUTHENTICATED: {
      description: 'The auth token of this request is missing or not valid. The code means nothing else. HTTP 401.',
    },
    INVALID_CREDENTIALS: { description: 'A login failed, or the current password is wrong. HTTP 400.' },
    INVALID_REFRESH_TOKEN: { description: 'A refresh token could not be exchanged. HTTP 400.' },
    FORBIDDEN: {
      description:
        'The account does not have the required role; or `extensions.reason` says what else the request lacks. HTTP 403.',
    },
    NOT_FOUND: { description: 'The object does not exist, or the viewer may not see it. HTTP 404.' },
    BAD_USER_INPUT: { description: 'An argument is not valid: `extensions.fields` says which, and why. HTTP 400.' },
    CONFLICT: { description: 'The change conflicts with existing data. HTTP 409.' },
    RATE_LIMITED: { description: 'There were too many attempts. HTTP 429 with Retry-After.' },
    SERVICE_UNAVAILABLE: {
      description: 'The service is temporarily unable to respond. HTTP 503 with Retry-After.',
    },
    INTERNAL_SERVER_ERROR: { description: 'Something failed inside the service. HTTP 500.' },
    ...requestErrorCodes(),
  },
});

registerEnumType(ErrorReason, {
  name: 'ErrorReason',
  description: 'The exact cause of an error, if a client can use it: `extensions.reason`.',
  valuesConfig: {
    TOKEN_MISSING: { description: 'The request carries no auth token.' },
    TOKEN_EXPIRED: { description: 'The auth token is authentic, but has expired.' },
    TOKEN_INVALID: { description: 'This service did not issue the auth token, or it is malformed.' },
    TOKEN_REVOKED: { description: 'The session of the auth token was revoked.' },
    TOKEN_STALE: {
      description:
        'The auth token is authentic, but out of date: the role of the account changed, or the password was changed in this session, which voids its earlier tokens.',
    },
    WRONG_EMAIL_OR_PASSWORD: {
      description: 'The e-mail address or the password is wrong. The response does not say which.',
    },
    WRONG_PASSWORD: { description: 'The current password is wrong. `extensions.fields` names its field.' },
    SECOND_FACTOR_REQUIRED: { description: 'The password is correct, and the account requires a second factor.' },
    SECOND_FACTOR_INVALID: { description: 'The code of the second factor is wrong, or was used before.' },
    REFRESH_TOKEN_UNKNOWN: {
      description:
        'This service did not issue the refresh token, or it is malformed; or the request has no cookie with one.',
    },
    REFRESH_TOKEN_EXPIRED: { description: 'The session was not refreshed in time, or reached its maximum lifetime.' },
    REFRESH_TOKEN_REVOKED: { description: 'The session of the refresh token was revoked.' },
    REFRESH_TOKEN_REUSED: {
      description:
        'The refresh token was exchanged before, and its successor was used. Somebody must have copied it. The session was revoked.',
    },
    REFRESH_TOKEN_SUPERSEDED: {
      description:
        'The refresh token was exchanged before, and the request belongs to that exchange; or it is from before a password change. Nothing was revoked. The client has newer tokens.',
    },
    RECENT_LOGIN_REQUIRED: {
      description: 'This requires a more recent login: `reauthenticate` within the last 10 minutes suffices.',
    },
    INVITATION_REQUIRED: {
      description:
        'Signing up needs an invitation. It is missing, wrong, used or expired, or it is for another address.',
    },
    ORIGIN_NOT_ALLOWED: {
      description:
        'The server sends refresh tokens in cookies, and the request does not come from a page that may use them: its `Origin` is missing or not allowed, or the page is of another site.',
    },
    ONE_TIME_TOKEN_INVALID: { description: 'The token of the link was used before, or has expired.' },
    OPERATION_TOO_LARGE: {
      description:
        'The document has too many fields, aliases, directives, fragment spreads, levels or searches. `extensions.limit` says which, and how many are allowed.',
    },
    RESPONSE_TOO_LARGE: {
      description:
        'The response has, or could have, more bytes than the server sends. Request smaller pages, or fewer fields. If it could have, `extensions.limit` has the cost of the operation.',
    },
    DOCUMENT_NOT_TRUSTED: {
      description: 'The document, or its ID, is not one of the trusted documents of the server.',
    },
    INTROSPECTION_DISABLED: {
      description: 'The document contains `__schema` or `__type`, which the server does not answer.',
    },
  },
});

registerEnumType(Recovery, {
  name: 'Recovery',
  description: 'What a client does next: `extensions.recovery` of every error.',
  valuesConfig: {
    REFRESH: { description: 'Exchange the refresh token with `refreshToken`, then retry the request.' },
    LOG_IN: { description: 'Discard both tokens and let the user log in again.' },
    USE_NEWER_TOKENS: {
      description:
        'Use the tokens that the client stored meanwhile. If it still holds the token that it sent 10 seconds later, call `logout` with that token and let the user log in again.',
    },
    STEP_UP: {
      description:
        'Let the user prove again who they are, with `reauthenticate`, then retry the request with the new token.',
    },
    RETRY: { description: 'Keep both tokens and retry the same request after the time in Retry-After.' },
    FIX_INPUT: { description: 'Change the input before retrying.' },
    NONE: { description: 'A retry does not help.' },
  },
});

registerEnumType(FieldErrorReason, {
  name: 'FieldErrorReason',
  description: 'What is wrong with an input field: `extensions.fields[].reason`.',
  valuesConfig: {
    REQUIRED: { description: 'The value is missing or null.' },
    WRONG_TYPE: { description: 'The value does not fit the type of the field.' },
    UNKNOWN_FIELD: { description: 'The object has a field that its type does not have.' },
    NOT_ACCEPTED: { description: 'The configuration of this server does not accept the field.' },
    BLANK: { description: 'The text consists of white space only, or is empty.' },
    TOO_SHORT: { description: 'The text has too few characters.' },
    TOO_LONG: { description: 'The text has too many characters.' },
    OUT_OF_RANGE: { description: 'The number is too small or too large.' },
    INVALID_CHARACTER: { description: 'The text contains the character U+0000.' },
    INVALID_FORMAT: { description: 'The text does not have the form that the description of the field states.' },
    INVALID_CURSOR: { description: 'The text is not a cursor of this list in this order.' },
    MUTUALLY_EXCLUSIVE: { description: 'Another argument excludes this one.' },
    WRONG_PASSWORD: { description: 'This is not the current password.' },
    EASY_TO_GUESS: {
      description:
        'The password is common, repetitive or otherwise predictable, or consists of the name, the e-mail address, the name of the service and well-known phrases.',
    },
    BREACHED: { description: 'The password is in a public list of stolen passwords, which attackers try first.' },
    KEY_ALREADY_USED: { description: 'The idempotency key was sent with another input before. The code is CONFLICT.' },
  },
});

registerEnumType(OperationLimit, {
  name: 'OperationLimit',
  description: 'What an operation has too much of: `extensions.limit.name`. A fragment counts at each spread.',
  valuesConfig: {
    FIELDS: { description: 'Fields of the document.' },
    ALIASES: { description: 'Aliases of the document.' },
    DIRECTIVES: { description: 'Directives of the document.' },
    FRAGMENT_SPREADS: { description: 'Spreads of named fragments in the document.' },
    DEPTH: { description: 'Levels of fields that are nested in each other.' },
    SEARCHES: { description: 'Searches of the operation.' },
    COST: {
      description:
        'The bytes that the response could have if every text is as long as it can be, with the pages that the variables request, and 500,000 for a search. In a mutation, a character counts as 6 bytes.',
    },
  },
});

function requestErrorCodes() {
  const entries = Object.entries(REQUEST_ERROR_CODES).map(([code, description]) => [code, { description }]);
  return Object.fromEntries(entries) as Record<keyof typeof REQUEST_ERROR_CODES, { description: string }>;
}
