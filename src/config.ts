import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import type { AppSettings } from './app/app-settings.js';
import { DEFAULT_LIMITS } from './database/limits.js';
import { AUTH_TOKEN_ALGORITHMS } from './keys/key-ring.js';
import { settingConflicts } from './setting-conflicts.js';
import { commaSeparated, databaseUrl, host, issuer, text, wholeNumber } from './setting-formats.js';
import { OperatorError } from './shared/operator-error.js';

/** PostgreSQL accepts 100 connections from all clients by default. */
const CONNECTIONS_OF_A_CLUSTER = 40;

/** All environment variables. docs/configuration.md is generated from this schema. */
export const environmentSchema = z.object({
  NODE_ENV: z
    .enum(['development', 'production', 'test'])
    .default('development')
    .describe('`production`: no demo accounts, no introspection, no explorer, and no start without a key ring.'),
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
      `Connections to PostgreSQL that one process opens at most, beside one that listens. Unset: ${DEFAULT_LIMITS.poolSize}; workers share ${CONNECTIONS_OF_A_CLUSTER}, but have at least 2.`,
    ),
  DATABASE_CONNECT_TIMEOUT_MS: wholeNumber(100, 60_000)
    .default(DEFAULT_LIMITS.connectTimeoutMs)
    .describe(
      'How long to wait for a connection to PostgreSQL, a new one or one of the pool. After that the response is 503.',
    ),
  DATABASE_STATEMENT_TIMEOUT_MS: wholeNumber(100, 600_000)
    .default(DEFAULT_LIMITS.statementTimeoutMs)
    .describe(
      'How long one statement may take on PostgreSQL, or wait for other writers of a SQLite file. After that the response is 503.',
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
  REFRESH_GRACE_SECONDS: wholeNumber(0, 60)
    .default(10)
    .describe('How long after a rotation the previous refresh token is still accepted from requests in flight.'),
  SECURITY_EVENT_LIFETIME_DAYS: wholeNumber(0, 36_500)
    .default(400)
    .describe('How long security events are kept. Older ones are deleted. 0: none is deleted.'),
  PASSWORD_MEMORY_KIB: wholeNumber(19_456, 1_048_576).default(19_456).describe('argon2id memory cost.'),
  PASSWORD_ITERATIONS: wholeNumber(2, 10).default(2).describe('argon2id time cost.'),
  PASSWORD_CONCURRENCY: wholeNumber(1, 64)
    .optional()
    .describe(
      'How many passwords a process hashes at once. Unset: the number of cores, at most 3. Workers share the cores.',
    ),
  PASSWORD_QUEUE: wholeNumber(1, 10_000)
    .default(64)
    .describe('How many logins may wait for a hash in a process. Beyond that the response is `SERVICE_UNAVAILABLE`.'),
  CLUSTER_WORKERS: wholeNumber(1, 256)
    .optional()
    .describe('How many workers `npm run cluster` runs. Unset: one per core.'),
  TRUSTED_PROXIES: commaSeparated(isNetwork, 'must be addresses or CIDR ranges, separated by commas').describe(
    'Addresses or CIDR ranges of proxies whose `X-Forwarded-For` is trusted. Empty: none.',
  ),
  CORS_ORIGINS: commaSeparated(
    isOrigin,
    'must be origins such as https://app.example.com, separated by commas',
  ).describe('Origins of front-ends on other hosts, such as `https://app.example.com`.'),
  RESPONSE_IDLE_TIMEOUT_MS: wholeNumber(100, 600_000)
    .default(60_000)
    .describe('How long a client may stop reading a large response. After that the connection is closed.'),
  RESPONSE_TIMEOUT_MS: wholeNumber(100, 3_600_000)
    .default(300_000)
    .describe('How long a client may take for a large response in all. The largest has 6 MB.'),
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

type Settings = z.infer<typeof environmentSchema>;

/** The parsed environment. */
export interface Config extends AppSettings {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  readonly migrateOnStart: boolean;
  /** How many processes a cluster has. */
  readonly workers: number;
  readonly logLevel: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Lists all problems by the name of the variable. Does not repeat values, which may be secret. */
export class ConfigError extends OperatorError {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly string[]) {
    super(`The environment is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/**
 * Parses the environment of a server. A worker of a cluster gets its share of the machine.
 * @throws ConfigError that lists all problems
 */
export function loadConfig(environment: Environment, isWorker = false): Config {
  return toConfig(parseSettings(environment, false), isWorker);
}

/**
 * Parses the environment of a command, which needs fewer settings because it serves no requests.
 * @throws ConfigError that lists all problems
 */
export function loadCommandConfig(environment: Environment): Config {
  return toConfig(parseSettings(environment, true), false);
}

function parseSettings(environment: Environment, isCommand: boolean): Settings {
  // An empty variable (`PORT=`) means "not set", as in shell profiles and compose files.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const issues = environmentSchema.safeParse(given).error?.issues ?? [];
  const invalid = new Set(issues.map(({ path }) => String(path[0])));
  const valid = Object.fromEntries(Object.entries(given).filter(([name]) => !invalid.has(name)));
  const settings = environmentSchema.parse(valid);
  const conflicts = settingConflicts(settings, (name) => name in valid, isCommand);
  const problems = [
    ...issues.map(({ path, message }) => `${path.join('.')} ${message}`),
    ...conflicts.filter(([name]) => !invalid.has(name)).map(([name, message]) => `${name} ${message}`),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return settings;
}

function toConfig(env: Settings, isWorker: boolean): Config {
  const cores = availableParallelism();
  const workers = env.CLUSTER_WORKERS ?? cores;
  const coresOfProcess = isWorker ? Math.floor(cores / workers) : cores;
  const production = env.NODE_ENV === 'production';
  return frozen({
    production,
    host: env.HOST,
    port: env.PORT,
    migrateOnStart: env.MIGRATE_ON_START === 'true',
    database: {
      url: env.DATABASE_URL,
      limits: {
        poolSize: env.DATABASE_POOL_SIZE ?? (isWorker ? poolSizeOfOne(workers) : DEFAULT_LIMITS.poolSize),
        connectTimeoutMs: env.DATABASE_CONNECT_TIMEOUT_MS,
        statementTimeoutMs: env.DATABASE_STATEMENT_TIMEOUT_MS,
      },
    },
    keyRing: { json: env.KEY_RING, file: env.KEY_RING_FILE, algorithm: env.AUTH_TOKEN_ALGORITHM, production },
    authToken: {
      ttlSeconds: env.AUTH_TOKEN_TTL_SECONDS,
      issuer: env.AUTH_TOKEN_ISSUER,
      audience: env.AUTH_TOKEN_AUDIENCE,
      clientId: env.AUTH_TOKEN_CLIENT_ID,
    },
    authentication: { cachedTokens: env.CACHED_AUTH_TOKENS, cachedSessions: env.CACHED_SESSIONS },
    session: {
      idleSeconds: Math.min(env.REFRESH_TOKEN_IDLE_SECONDS, env.SESSION_MAX_SECONDS),
      maxSeconds: env.SESSION_MAX_SECONDS,
      limit: env.SESSION_LIMIT,
      graceSeconds: env.REFRESH_GRACE_SECONDS,
    },
    events: { lifetimeDays: env.SECURITY_EVENT_LIFETIME_DAYS },
    password: {
      memoryKib: env.PASSWORD_MEMORY_KIB,
      iterations: env.PASSWORD_ITERATIONS,
      concurrency: env.PASSWORD_CONCURRENCY ?? Math.max(1, Math.min(3, coresOfProcess)),
      queue: env.PASSWORD_QUEUE,
    },
    workers,
    http: {
      production,
      trustedProxies: env.TRUSTED_PROXIES,
      corsOrigins: env.CORS_ORIGINS,
      responseTimeouts: { idleMs: env.RESPONSE_IDLE_TIMEOUT_MS, totalMs: env.RESPONSE_TIMEOUT_MS },
      shutdownDelaySeconds: env.SHUTDOWN_DELAY_SECONDS,
      shutdownGraceSeconds: env.SHUTDOWN_GRACE_SECONDS,
    },
    logLevel: env.LOG_LEVEL ?? (production ? 'info' : 'warn'),
  });
}

function poolSizeOfOne(workers: number): number {
  return Math.max(2, Math.min(DEFAULT_LIMITS.poolSize, Math.floor(CONNECTIONS_OF_A_CLUSTER / workers)));
}

function frozen<Part extends object>(part: Part): Part {
  for (const value of Object.values(part)) if (typeof value === 'object') frozen(value);
  return Object.freeze(part);
}

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const bits = isIP(address) === 4 ? 32 : 128;
  return (
    isIP(address) > 0 && rest.length === 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && +prefix <= bits))
  );
}

/** An origin as a browser sends it. Hybrid applications have schemes of their own, for which URL knows no origin. */
function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { origin, protocol, host, href } = new URL(text);
  if (origin !== 'null') return origin === text;
  return host !== '' && href === text && text === `${protocol}//${host}`;
}
