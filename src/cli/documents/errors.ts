import { ERROR_TABLE, REQUEST_ERROR_CODES } from '../../errors/error-table.js';
import type { Recovery } from '../../errors/error-codes.js';
import { code, markdownTable } from './table.js';

const WHAT_TO_DO: Readonly<Record<Recovery, string>> = {
  REFRESH:
    'Exchange the refresh token with `refreshToken`, once for all requests in flight, and send the request again.',
  LOG_IN: 'Forget both tokens and show the login form.',
  STEP_UP: 'Ask for the password again, log in, and send the request with the new token.',
  RETRY: 'Keep both tokens. Send the same request again after `Retry-After` seconds.',
  FIX_INPUT: 'Show the message, and change the input before sending it again.',
  NONE: 'Show the message. Sending the request again changes nothing.',
};

const INTRODUCTION = `# Errors

<!-- Made from src/graphql/error-table.ts by \`npm run docs\`. Do not edit. -->

An error carries three words in \`extensions\`: \`code\` says what went wrong in general, \`reason\` what exactly (or null), and \`recovery\` what to do next. Rely on these; the message is for people and may change.

The HTTP status stands in the table when the response has no data. A response with data is 200, with its errors beside the data (GraphQL over HTTP).

\`UNAUTHENTICATED\` always means: the auth token of this request is missing or not good. It comes with 401 before anything has run, so the request can be sent again safely. A failed \`login\` or \`refreshToken\` has codes of its own and 400, so that "on \`UNAUTHENTICATED\`, refresh" is a correct client and never loops.
`;

const REQUEST_ERRORS = `These are about the request itself, before the API looks at it. They come with 4xx, \`reason\` null and \`recovery\` \`FIX_INPUT\`.`;

const NOT_YET =
  'Nothing answers with `SECOND_FACTOR_REQUIRED`, `SECOND_FACTOR_INVALID`, `RECENT_LOGIN_REQUIRED`, `ONE_TIME_TOKEN_INVALID`, `RATE_LIMITED` or `FORBIDDEN` yet: there is no second factor, no sign-up by mail, no limit against guessing and no administrator. They are named so that clients which switch over them need not change.';

/** docs/errors.md */
export function errorsDocument(): string {
  const rows = Object.values(ERROR_TABLE);
  const recoveries = Object.entries(WHAT_TO_DO).map(([recovery, action]) => [code(recovery), action]);
  const errors = rows.map(({ code: name, reason, recovery, status, retryAfterSeconds, message }) => [
    code(name),
    reason ? code(reason) : '',
    code(recovery),
    retryAfterSeconds === undefined ? String(status) : `${status}, Retry-After: ${retryAfterSeconds}`,
    message,
  ]);
  const challenges = rows.flatMap(({ reason, challenge }) =>
    reason && challenge ? [[code(reason), code(challenge)]] : [],
  );
  const requestErrors = Object.entries(REQUEST_ERROR_CODES).map(([name, meaning]) => [code(name), meaning]);
  return [
    INTRODUCTION,
    '## What a client does\n',
    `${markdownTable(['recovery', 'what to do'], recoveries)}\n`,
    '## All errors\n',
    `${NOT_YET}\n`,
    `${markdownTable(['code', 'reason', 'recovery', 'HTTP', 'message'], errors)}\n`,
    '## Challenges\n',
    'Every 401 has a `WWW-Authenticate` header (RFC 6750 §3).\n',
    `${markdownTable(['reason', 'header'], challenges)}\n`,
    '## Before the API\n',
    `${REQUEST_ERRORS}\n`,
    `${markdownTable(['code', 'meaning'], requestErrors)}\n`,
  ].join('\n');
}
