import { ERROR_TABLE, REQUEST_ERROR_CODES } from '../../errors/error-table.js';
import { FIELD_MESSAGES } from '../../errors/field-errors.js';
import type { Recovery } from '../../errors/error-codes.js';
import { code, markdownTable } from './table.js';

const WHAT_TO_DO: Readonly<Record<Recovery, string>> = {
  REFRESH: 'Exchange the refresh token with `refreshToken`, once for all requests in flight, and retry the requests.',
  LOG_IN: 'Discard both tokens and show the login form.',
  USE_NEWER_TOKENS:
    'Use the tokens in the store. If it still holds the token that was sent 10 seconds later, call `logout` with that token and show the login form.',
  STEP_UP: 'Ask for the password again, call `reauthenticate`, and retry the request with the new token.',
  RETRY: 'Keep both tokens. Retry the same request after `Retry-After` seconds.',
  FIX_INPUT: 'Show what is wrong, by `fields` or by code and reason. The same request fails again.',
  NONE: 'Show that it failed. A retry does not help.',
};

const INTRODUCTION = `# Errors

<!-- Generated from src/errors/error-table.ts by \`npm run docs\`. Do not edit. -->

The \`extensions\` of an error are the type \`ErrorExtensions\` of the schema:

- \`code\`: the kind of the error.
- \`reason\`: its exact cause, or null.
- \`recovery\`: what the client does next.
- \`fields\`: which input fields are wrong, and why. Only for errors about input fields.
- \`limit\`: which limit the operation exceeds, as \`{ "name": "FIELDS", "measured": 301, "maximum": 300 }\`. Only for errors about limits.
- \`retryAfterSeconds\`: when a retry can succeed. Only if \`recovery\` is \`RETRY\`.

Clients decide by these values and never by a message. [Generated types](front-end.md#types) contain all their values.

**Which messages a user interface may show:** the \`message\` of an entry of \`fields\`. It is an English sentence for the person who entered the value, and never repeats the value. All other messages are for developers: for them, and for other languages, a user interface has its own texts for each code and reason. All messages may change.

The table lists the HTTP status of a response without data. A response with data has status 200, even if it contains errors (GraphQL over HTTP).

\`UNAUTHENTICATED\` always means that the auth token of this request is missing or not valid. The server sends it with 401 before it executes anything, so retrying is safe. The one exception is \`logout\` with \`everywhere\` and tokens that do not suffice for it: it may have revoked the session of the token. A failed \`login\` or \`refreshToken\` has another code and status 400. So a client that refreshes on every \`UNAUTHENTICATED\` never loops.
`;

const REQUEST_ERRORS = `The server rejects these requests before it executes an operation. The status is 4xx, \`reason\` is null unless the first table has it, and \`recovery\` is \`FIX_INPUT\`.`;

const FIELD_ERRORS = `\`fields\` has one entry for each problem of the input. The code is \`BAD_USER_INPUT\`, except for two reasons: for \`WRONG_PASSWORD\` it is \`INVALID_CREDENTIALS\`, and for \`KEY_ALREADY_USED\` it is \`CONFLICT\`.

\`\`\`json
{
  "message": "input.title: Must not be blank. input.body: Must be at most 50,000 characters long.",
  "extensions": {
    "code": "BAD_USER_INPUT",
    "reason": null,
    "recovery": "FIX_INPUT",
    "fields": [
      { "path": ["input", "title"], "reason": "BLANK", "message": "Must not be blank." },
      { "path": ["input", "body"], "reason": "TOO_LONG", "message": "Must be at most 50,000 characters long." }
    ]
  }
}
\`\`\`

- \`path\` begins with the name of the argument, whatever the variable is called. List items are counted from \`"0"\`.
- A field can have several entries.
- The server checks first the types of all variables (\`REQUIRED\`, \`WRONG_TYPE\`, \`UNKNOWN_FIELD\`), then the values of each argument, then what needs the database. It reports all problems of the first check that fails.
- An error about the document or the HTTP request has no \`fields\`.

The message is the one below, or a more exact one.
`;

const NOT_YET =
  'The server does not send `SECOND_FACTOR_REQUIRED` or `SECOND_FACTOR_INVALID` yet: it has no second factor. They are reserved, so that clients that handle them now need not change later.';

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
  const fieldErrors = Object.entries(FIELD_MESSAGES).map(([reason, message]) => [code(reason), message]);
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
    '## Input fields\n',
    FIELD_ERRORS,
    `${markdownTable(['reason', 'message'], fieldErrors)}\n`,
    '## Challenges\n',
    'Every 401 has a `WWW-Authenticate` header (RFC 6750 §3).\n',
    `${markdownTable(['reason', 'header'], challenges)}\n`,
    '## Invalid requests\n',
    `${REQUEST_ERRORS}\n`,
    `${markdownTable(['code', 'meaning'], requestErrors)}\n`,
  ].join('\n');
}
