import { GraphQLEnumType, type GraphQLEnumValueConfig } from 'graphql';
import { registerEnumType } from 'type-graphql';
import { type ErrorCode, ErrorReason, Recovery } from './error-codes.js';

/** No field has this type, so type-graphql would leave it out of the schema: see schema.ts. */
export const errorCodeType = new GraphQLEnumType({
  name: 'ErrorCode',
  description: 'What went wrong, in general. It is found in `extensions.code` of every error of the service itself.',
  values: {
    UNAUTHENTICATED: {
      description:
        'The auth token of this request is missing or not good. It means nothing else, and comes with HTTP 401.',
    },
    INVALID_CREDENTIALS: { description: 'A login failed. It comes with HTTP 400.' },
    INVALID_REFRESH_TOKEN: { description: 'A refresh token could not be exchanged. It comes with HTTP 400.' },
    FORBIDDEN: { description: 'The account is known, but may not do this. It comes with HTTP 403.' },
    NOT_FOUND: { description: 'There is no such thing, or it is not yours to see. It comes with HTTP 404.' },
    BAD_USER_INPUT: { description: 'An argument is not valid. It comes with HTTP 400.' },
    CONFLICT: { description: 'The change does not fit what is there already. It comes with HTTP 409.' },
    RATE_LIMITED: { description: 'There were too many attempts. It comes with HTTP 429 and Retry-After.' },
    SERVICE_UNAVAILABLE: {
      description: 'The service cannot answer right now. It comes with HTTP 503 and Retry-After.',
    },
    INTERNAL_SERVER_ERROR: { description: 'Something failed inside the service. It comes with HTTP 500.' },
  } satisfies Record<ErrorCode, GraphQLEnumValueConfig>,
});

registerEnumType(ErrorReason, {
  name: 'ErrorReason',
  description: 'What exactly went wrong, where a client may care. It is found in `extensions.reason` of an error.',
  valuesConfig: {
    TOKEN_MISSING: { description: 'The request carries no auth token.' },
    TOKEN_EXPIRED: { description: 'The auth token is authentic, but its time is over.' },
    TOKEN_INVALID: { description: 'The auth token was not made by this service, or is damaged.' },
    TOKEN_REVOKED: { description: 'The session of the auth token was ended.' },
    TOKEN_STALE: { description: 'The auth token says something that is no longer so, such as a role.' },
    WRONG_EMAIL_OR_PASSWORD: { description: 'The address or the password is wrong. Which of them is not told.' },
    SECOND_FACTOR_REQUIRED: { description: 'The password is right, and the account needs a second factor as well.' },
    SECOND_FACTOR_INVALID: { description: 'The code of the second factor is wrong or was used before.' },
    REFRESH_TOKEN_UNKNOWN: { description: 'The refresh token was not made by this service, or is damaged.' },
    REFRESH_TOKEN_EXPIRED: { description: 'The session was not refreshed for too long, or reached its end.' },
    REFRESH_TOKEN_REVOKED: { description: 'The session of the refresh token was ended.' },
    REFRESH_TOKEN_REUSED: {
      description:
        'The refresh token was exchanged before and its successor was in use, so that somebody must have copied it. The session was ended.',
    },
    RECENT_LOGIN_REQUIRED: { description: 'The last login is too long ago for this.' },
    ONE_TIME_TOKEN_INVALID: { description: 'The token of a link was used before, or is out of time.' },
  },
});

registerEnumType(Recovery, {
  name: 'Recovery',
  description: 'What a client does next. It is found in `extensions.recovery` of every error.',
  valuesConfig: {
    REFRESH: { description: 'Exchange the refresh token with `refreshToken`, and send the request again.' },
    LOG_IN: { description: 'Forget both tokens and have the user log in again.' },
    STEP_UP: { description: 'Have the user log in again, and repeat the request with the new token.' },
    RETRY: { description: 'Keep both tokens and send the same request again, after the time given by Retry-After.' },
    FIX_INPUT: { description: 'Change the input before sending the request again.' },
    NONE: { description: 'There is nothing that the client could do.' },
  },
});
