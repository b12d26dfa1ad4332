import { z } from 'zod';
import { TRUSTED_DOCUMENTS_MODES } from './api/trusted-documents/trusted-document-settings.js';
import { DEFAULT_LIMITS } from './database/limits.js';
import { MAX_RESPONSE_BYTES } from './errors/error-table.js';
import { AUTH_TOKEN_ALGORITHMS } from './keys/key-ring.js';
import {
  commaSeparated,
  databaseUrl,
  host,
  isNetwork,
  isOrigin,
  issuer,
  mailbox,
  smtpUrl,
  text,
  wholeNumber,
} from './setting-formats.js';

/** All workers of a cluster together open at most so many connections. PostgreSQL accepts 100 by default. */
export const CONNECTIONS_OF_A_CLUSTER = 40;

/** All settings: environment variables with their formats and defaults. docs/configuration.md is generated from them. */
export const environmentSchema = z.object({
  NODE_ENV: z
    .enum(['development', 'production', 'test'])
    .default('development')
    .describe('`production`: no demo accounts, no introspection, no explorer, and no start without a key ring.'),
  INTROSPECTION: z
    .enum(['on', 'off'])
    .optional()
    .describe(
      '`off`: clients cannot read the schema with `__schema`, `__type` or `GET /schema.graphql`, and errors suggest no names of it. Unset: `off` in production, `on` elsewhere.',
    ),
  EXPLORER: z
    .enum(['on', 'off'])
    .optional()
    .describe(
      '`on`: serves Apollo Sandbox to browsers at `/graphql`, where `/` leads, and GraphiQL at `/explorer/graphiql` if the development dependencies are installed. Unset: `off` in production, `on` elsewhere.',
    ),
  HOST: host().default('localhost').describe('The address to listen on. `0.0.0.0` listens on all.'),
  PORT: wholeNumber(0, 65_535).default(4000).describe('The port to listen on. With 0 the system chooses a free one.'),
  DATABASE_URL: databaseUrl()
    .default('file:.data/tandem.db')
    .describe(
      'The database: a SQLite file, which is created if missing, or `postgresql://user:password@host:5432/name`.',
    ),
  MIGRATE_ON_START: z
    .enum(['true', 'false'])
    .default('true')
    .describe(
      '`false`: a server does not migrate the database, and does not start if a migration is pending. Run `npm run db:migrate` before, with a role that may change tables.',
    ),
  DATABASE_POOL_SIZE: wholeNumber(2, 1000)
    .optional()
    .describe(
      `Connections to PostgreSQL that one process opens at most, beside one that listens. Half of them serve posts only. Unset: ${DEFAULT_LIMITS.poolSize}; workers share ${CONNECTIONS_OF_A_CLUSTER}, but have at least 2.`,
    ),
  DATABASE_CONNECT_TIMEOUT_MS: wholeNumber(100, 60_000)
    .default(DEFAULT_LIMITS.connectTimeoutMs)
    .describe(
      'How long to wait for a connection to PostgreSQL, a new one or one of the pool. After that the response is 503.',
    ),
  DATABASE_STATEMENT_TIMEOUT_MS: wholeNumber(100, 600_000)
    .default(DEFAULT_LIMITS.statementTimeoutMs)
    .describe(
      'How long one statement may take on PostgreSQL, or wait for other writers of a SQLite file, and how long a search may wait. After that the response is 503.',
    ),
  KEY_RING_FILE: text()
    .default('.data/key-ring.json')
    .describe(
      'The file of the key ring: a JWK Set (RFC 7517) with private keys. Outside production the first start creates it.',
    ),
  KEY_RING: z
    .string()
    .min(1)
    .optional()
    .describe('The key ring itself as JSON, instead of a file. Takes precedence over `KEY_RING_FILE`.'),
  AUTH_TOKEN_ALGORITHM: z
    .enum(AUTH_TOKEN_ALGORITHMS)
    .optional()
    .describe('Sign with keys of this algorithm only. Unset: with the newest key of the ring. New rings get `ES256`.'),
  AUTH_TOKEN_TTL_SECONDS: wholeNumber(1, 86_400).default(3600).describe('How long an auth token is valid.'),
  AUTH_TOKEN_ISSUER: issuer().default('http://localhost:4000').describe('The `iss` claim, matched exactly.'),
  AUTH_TOKEN_AUDIENCE: text().default('tandem').describe('The `aud` claim, matched exactly.'),
  AUTH_TOKEN_CLIENT_ID: text().default('tandem').describe('The `client_id` claim (RFC 9068).'),
  CACHED_AUTH_TOKENS: wholeNumber(1, 10_000_000)
    .default(10_000)
    .describe('How many verified auth tokens a process caches, about 1 kB each. Others are verified at each request.'),
  CACHED_SESSIONS: wholeNumber(1, 10_000_000)
    .default(100_000)
    .describe('How many sessions a process caches, about 250 bytes each. Others are read from the database.'),
  REFRESH_TOKEN_IDLE_SECONDS: wholeNumber(1, 31_536_000)
    .default(14 * 86_400)
    .describe('A session that is not refreshed for this long expires.'),
  SESSION_MAX_SECONDS: wholeNumber(1, 31_536_000)
    .default(30 * 86_400)
    .describe('A session expires this long after login, however often it is refreshed.'),
  SESSION_LIMIT: wholeNumber(1, 1000)
    .default(50)
    .describe('How many sessions an account can have. One more login revokes the oldest.'),
  REFRESH_GRACE_SECONDS: wholeNumber(1, 60)
    .default(10)
    .describe(
      'How long the previous refresh token is still accepted: after its successor was first used, or, from a client that did not begin the exchange, after the rotation.',
    ),
  REFRESH_TOKEN_TRANSPORT: z
    .enum(['body', 'cookie'])
    .default('body')
    .describe(
      '`body`: refresh tokens are fields of requests and responses. `cookie`: they are in cookies that no script can read, and only for front-ends in browsers whose origin is that of `PUBLIC_URL` or one of `CORS_ORIGINS` (docs/cookies.md).',
    ),
  REGISTRATION: z
    .enum(['open', 'invitation', 'closed'])
    .default('open')
    .describe(
      '`open`: anybody can sign up, if the server sends mail. `invitation`: only whoever was invited with `npm run account -- invite`. `closed`: only operators create accounts, with `npm run account`.',
    ),
  DELETED_ACCOUNT_POSTS: z
    .enum(['delete', 'keep'])
    .default('delete')
    .describe(
      'The posts of an account whose deletion was requested. `delete`: they are hidden at once and deleted with the account. `keep`: published ones stay, with the author "Deleted account".',
    ),
  SMTP_URL: smtpUrl()
    .optional()
    .describe(
      'The server that mails are sent through: `smtp://user:password@host:587`, or `smtps://` for TLS from the start. Unset in production: no mail is sent, and mutations that need mail get `SERVICE_UNAVAILABLE`. Unset elsewhere: mails are written to `MAIL_FOLDER`.',
    ),
  MAIL_FROM: mailbox()
    .default('Tandem <tandem@localhost>')
    .describe('The sender of mails: an address, or `Name <address>`. Required in production if `SMTP_URL` is set.'),
  MAIL_FOLDER: text()
    .default('.data/outbox')
    .describe('Where mails are written without `SMTP_URL`, as `.eml` files. Not in production.'),
  PUBLIC_URL: issuer()
    .optional()
    .describe(
      'What links in mails begin with: the URL of the pages for verification, password reset and others. Unset: `AUTH_TOKEN_ISSUER`.',
    ),
  SECURITY_EVENT_LIFETIME_DAYS: wholeNumber(0, 36_500)
    .default(400)
    .describe('How long security events are kept. Older ones are deleted. 0: none is deleted.'),
  PASSWORD_MEMORY_KIB: wholeNumber(19_456, 1_048_576).default(19_456).describe('argon2id memory cost.'),
  PASSWORD_ITERATIONS: wholeNumber(2, 10).default(2).describe('argon2id time cost.'),
  PASSWORD_CONCURRENCY: wholeNumber(1, 64)
    .optional()
    .describe(
      'How many passwords a process hashes at once. Unset: all cores but one, at least 1 and at most 3. Workers share the cores.',
    ),
  PASSWORD_QUEUE: wholeNumber(1, 10_000)
    .default(1000)
    .describe('How many logins may wait for a hash in a process. Beyond that the response is `SERVICE_UNAVAILABLE`.'),
  PASSWORD_QUEUE_WAIT_MS: wholeNumber(1, 600_000)
    .default(2000)
    .describe(
      'How long a login may wait for a hash. If it would wait longer, by the duration of earlier hashes, the response is `SERVICE_UNAVAILABLE` at once.',
    ),
  PASSWORD_BREACH_CHECK: z
    .enum(['on', 'off'])
    .default('off')
    .describe(
      '`on`: rejects new passwords that are in a public list of stolen ones. The service at `PASSWORD_BREACH_URL` receives the first 5 of 40 hexadecimal digits of the SHA-1 hash. If it does not respond within 2 seconds, the password is accepted.',
    ),
  PASSWORD_BREACH_URL: issuer()
    .default('https://api.pwnedpasswords.com/range')
    .describe(
      'The range service of stolen passwords, or a mirror: the digits are appended after a slash. It must respond as Pwned Passwords does.',
    ),
  PASSWORD_CHECKS_PER_ADDRESS: wholeNumber(1, 1_000_000)
    .default(120)
    .describe(
      'How many passwords from one client address (IPv6: one /64) a process scores in a minute for `passwordStrength`, and as many for `signUp`. Beyond that the response is `RATE_LIMITED`.',
    ),
  LOGIN_ATTEMPTS_PER_ACCOUNT: wholeNumber(1, 1_000_000)
    .default(20)
    .describe('How many failed logins for one e-mail address are not delayed. One is forgiven after 15 minutes.'),
  LOGIN_ATTEMPTS_PER_ADDRESS: wholeNumber(1, 1_000_000)
    .default(100)
    .describe(
      'How many failed logins from one client address (IPv6: one /64) are not delayed. One is forgiven after a minute.',
    ),
  LOGIN_ATTEMPTS_PER_PAIR: wholeNumber(1, 1_000_000)
    .default(10)
    .describe(
      'How many failed logins for one e-mail address from one client address are not delayed, and how many wrong passwords of `changePassword`. One is forgiven after 15 minutes.',
    ),
  LOGIN_MAX_DELAY_SECONDS: wholeNumber(1, 86_400)
    .default(900)
    .describe('Further failed logins are delayed for 1, 2, 4 … seconds, at most for this long.'),
  MAILS_PER_ACCOUNT_AND_HOUR: wholeNumber(1, 1_000_000)
    .default(5)
    .describe('How many mails can be requested for one e-mail address in an hour, with or without an account.'),
  MAILS_PER_ACCOUNT_AND_DAY: wholeNumber(1, 1_000_000)
    .default(20)
    .describe('How many mails can be requested for one e-mail address in a day.'),
  MAILS_PER_ADDRESS_AND_HOUR: wholeNumber(1, 1_000_000)
    .default(30)
    .describe('How many mails one client address (IPv6: one /64) can request in an hour.'),
  MAILS_PER_HOUR: wholeNumber(1, 1_000_000)
    .default(2000)
    .describe(
      'How many mails all clients together can request in an hour. For the rest of the hour, each client address (IPv6: one /48) can request 3 in 12 hours.',
    ),
  REFRESHES_PER_SESSION: wholeNumber(1, 1_000_000)
    .default(100)
    .describe('How often a process refreshes one session in a minute. Beyond that the response is `RATE_LIMITED`.'),
  UNKNOWN_REFRESH_TOKENS_PER_ADDRESS: wholeNumber(1, 1_000_000)
    .default(300)
    .describe(
      'How many unknown refresh tokens from one client address (IPv6: one /64) a process accepts in a minute, in `refreshToken` and `logout`. Beyond that the response is `RATE_LIMITED`. Valid tokens are not limited.',
    ),
  CLUSTER_WORKERS: wholeNumber(1, 256)
    .optional()
    .describe('How many workers `npm run cluster` runs. Unset: one per core.'),
  TRUSTED_PROXIES: commaSeparated(isNetwork, 'must be addresses or CIDR ranges, separated by commas').describe(
    'Addresses or CIDR ranges of proxies whose `X-Forwarded-For` and `X-Request-Id` are trusted. Empty: none.',
  ),
  CORS_ORIGINS: commaSeparated(
    isOrigin,
    'must be origins such as https://app.example.com, separated by commas',
  ).describe('Origins of front-ends on other hosts, such as `https://app.example.com`.'),
  TRUSTED_DOCUMENTS: z
    .enum(TRUSTED_DOCUMENTS_MODES)
    .default('off')
    .describe(
      '`log`: serves documents of `TRUSTED_DOCUMENTS_FILE` by ID, and logs each other document once. `strict`: rejects other documents. `off`: clients send documents only.',
    ),
  TRUSTED_DOCUMENTS_FILE: text()
    .optional()
    .describe(
      'The trusted documents by ID: a JSON file of GraphQL Code Generator, Relay or Apollo. It is reloaded when it changes.',
    ),
  DOCUMENT_FIELDS: wholeNumber(1, 1000)
    .default(300)
    .describe(
      'How many fields a document has at most. A fragment counts at each spread, here and below. The introspection query of GraphQL clients has 230.',
    ),
  DOCUMENT_ALIASES: wholeNumber(0, 1000).default(30).describe('How many aliases a document has at most.'),
  DOCUMENT_DIRECTIVES: wholeNumber(0, 1000).default(30).describe('How many directives a document has at most.'),
  DOCUMENT_FRAGMENT_SPREADS: wholeNumber(0, 1000)
    .default(100)
    .describe('How many spreads of named fragments a document has at most.'),
  DOCUMENT_DEPTH: wholeNumber(1, 100)
    .default(16)
    .describe(
      'How many levels of fields a document nests in each other at most. The introspection query of GraphQL clients has 15.',
    ),
  OPERATION_SEARCHES: wholeNumber(0, 100).default(1).describe('How many searches an operation has at most.'),
  OPERATION_COST: wholeNumber(1000, MAX_RESPONSE_BYTES)
    .default(MAX_RESPONSE_BYTES)
    .describe(
      'What an operation costs at most: the bytes of its response if every text is as long as it can be, and 500,000 for a search. In a mutation, a character counts as 6 bytes. The access log has the `cost` of each operation.',
    ),
  CONNECTIONS: wholeNumber(1, 1_000_000)
    .default(10_000)
    .describe('How many connections a process has at most. Further ones are closed at once.'),
  CONNECTIONS_PER_ADDRESS: wholeNumber(1, 1_000_000)
    .default(1000)
    .describe(
      'How many connections one client address (IPv6: one /64) has at most to a process. Those of `TRUSTED_PROXIES` are not counted: list your reverse proxy there.',
    ),
  BODY_MEMORY_BYTES: wholeNumber(2_000_000, 100_000_000_000)
    .default(64_000_000)
    .describe(
      'How much memory a process has for request bodies of more than 16 kB, from their arrival until the response. One client address (IPv6: one /64) gets at most as much as remains free, so half of it at most. Beyond that the response is 503.',
    ),
  RESPONSE_MEMORY_BYTES: wholeNumber(10_000_000, 100_000_000_000)
    .default(128_000_000)
    .describe(
      'How much memory a process has for responses of more than 64 kB, until their clients have read them. One client address (IPv6: one /64) gets at most as much as remains free, so half of it at most. Beyond that, queries with such a response get 503.',
    ),
  REQUEST_TIMEOUT_MS: wholeNumber(400, 600_000)
    .default(30_000)
    .describe(
      'How long a request may take to arrive; its headers may take half of it. Slower ones get 408, at most 5 seconds later.',
    ),
  OPERATION_TIMEOUT_MS: wholeNumber(100, 600_000)
    .default(10_000)
    .describe(
      'How long a query may take. After that the response is 503, and the query runs no further statement. A mutation that waits to hash a password fails too; one that has begun to write finishes.',
    ),
  RESPONSE_IDLE_TIMEOUT_MS: wholeNumber(100, 600_000)
    .default(60_000)
    .describe('How long a client may stop reading a large response. After that the connection is closed.'),
  RESPONSE_TIMEOUT_MS: wholeNumber(100, 3_600_000)
    .default(300_000)
    .describe('How long a client may take for a large response in all. The largest has 6 MB.'),
  OVERLOAD_LAG_MS: wholeNumber(0, 60_000)
    .default(250)
    .describe(
      'A process whose event loop is late by this much rejects reads with 503; by 2, 4 and 8 times as much also logins, other mutations and refreshes. 0: never.',
    ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
    .optional()
    .describe('The lowest level that is logged. Unset: `info` in production, `warn` elsewhere.'),
  SHUTDOWN_DELAY_SECONDS: wholeNumber(0, 600)
    .default(0)
    .describe(
      'How long after SIGTERM requests are still accepted while `/readyz` responds 503, so that a load balancer can notice.',
    ),
  SHUTDOWN_GRACE_SECONDS: wholeNumber(0, 600)
    .default(10)
    .describe('How long requests in flight may take to finish after SIGTERM.'),
});

export type Settings = z.infer<typeof environmentSchema>;
