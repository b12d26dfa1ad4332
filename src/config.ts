import { availableParallelism } from 'node:os';
import type { AppSettings } from './app/app-settings.js';
import { sslModeProblem } from './database/database-url.js';
import { DEFAULT_LIMITS } from './database/limits.js';
import { settingConflicts } from './setting-conflicts.js';
import { isLoopback } from './setting-formats.js';
import { CONNECTIONS_OF_A_CLUSTER, environmentSchema, type Settings } from './settings.js';
import { OperatorError } from './shared/operator-error.js';

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
  const sslMode = sslModeProblem(settings.DATABASE_URL, given['PGSSLMODE']);
  const problems = [
    ...issues.map(({ path, message }) => `${path.join('.')} ${message}`),
    ...(sslMode === undefined ? [] : [`PGSSLMODE ${sslMode}`]),
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
  const publicUrl = env.PUBLIC_URL ?? env.AUTH_TOKEN_ISSUER;
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
    registration: { mode: env.REGISTRATION },
    deletedAccounts: { posts: env.DELETED_ACCOUNT_POSTS },
    mail: {
      smtpUrl: env.SMTP_URL,
      requireTls: env.SMTP_URL !== undefined && needsTls(new URL(env.SMTP_URL)),
      from: env.MAIL_FROM,
      folder: env.MAIL_FOLDER,
      publicUrl: publicUrl.replace(/\/+$/, ''),
      production,
    },
    events: { lifetimeDays: env.SECURITY_EVENT_LIFETIME_DAYS },
    password: {
      memoryKib: env.PASSWORD_MEMORY_KIB,
      iterations: env.PASSWORD_ITERATIONS,
      // A core remains for the event loop. With hashes on both of two cores, as many logins succeeded, and others waited longer.
      concurrency: env.PASSWORD_CONCURRENCY ?? Math.max(1, Math.min(3, coresOfProcess - 1)),
      queue: env.PASSWORD_QUEUE,
      queueWaitMs: env.PASSWORD_QUEUE_WAIT_MS,
    },
    passwordRules: {
      serviceWords: ['Tandem', env.MAIL_FROM, new URL(env.PUBLIC_URL ?? env.AUTH_TOKEN_ISSUER).hostname],
    },
    limits: {
      perAccount: env.LOGIN_ATTEMPTS_PER_ACCOUNT,
      perAddress: env.LOGIN_ATTEMPTS_PER_ADDRESS,
      perPair: env.LOGIN_ATTEMPTS_PER_PAIR,
      maxDelaySeconds: env.LOGIN_MAX_DELAY_SECONDS,
    },
    breachCheck: {
      rangeUrl: env.PASSWORD_BREACH_CHECK === 'on' ? `${env.PASSWORD_BREACH_URL.replace(/\/+$/, '')}/` : undefined,
    },
    passwordChecks: { perAddress: env.PASSWORD_CHECKS_PER_ADDRESS },
    mailLimits: {
      perAccountAndHour: env.MAILS_PER_ACCOUNT_AND_HOUR,
      perAccountAndDay: env.MAILS_PER_ACCOUNT_AND_DAY,
      perAddressAndHour: env.MAILS_PER_ADDRESS_AND_HOUR,
      perHour: env.MAILS_PER_HOUR,
    },
    refreshLimits: {
      refreshesPerSession: env.REFRESHES_PER_SESSION,
      unknownTokensPerAddress: env.UNKNOWN_REFRESH_TOKENS_PER_ADDRESS,
    },
    workers,
    operationLimits: {
      fields: env.DOCUMENT_FIELDS,
      aliases: env.DOCUMENT_ALIASES,
      directives: env.DOCUMENT_DIRECTIVES,
      fragmentSpreads: env.DOCUMENT_FRAGMENT_SPREADS,
      depth: env.DOCUMENT_DEPTH,
      searches: env.OPERATION_SEARCHES,
      cost: env.OPERATION_COST,
    },
    trustedDocuments: { mode: env.TRUSTED_DOCUMENTS, file: env.TRUSTED_DOCUMENTS_FILE },
    http: {
      production,
      introspection: isOn(env.INTROSPECTION, production),
      explorer: isOn(env.EXPLORER, production),
      trustedProxies: env.TRUSTED_PROXIES,
      corsOrigins: env.CORS_ORIGINS,
      cookieOrigins:
        env.REFRESH_TOKEN_TRANSPORT === 'cookie' ? [new URL(publicUrl).origin, ...env.CORS_ORIGINS] : undefined,
      connections: { perAddress: env.CONNECTIONS_PER_ADDRESS, total: env.CONNECTIONS },
      bodyMemoryBytes: env.BODY_MEMORY_BYTES,
      responseMemoryBytes: env.RESPONSE_MEMORY_BYTES,
      requestTimeoutMs: env.REQUEST_TIMEOUT_MS,
      responseTimeouts: { idleMs: env.RESPONSE_IDLE_TIMEOUT_MS, totalMs: env.RESPONSE_TIMEOUT_MS },
      overloadLagMs: env.OVERLOAD_LAG_MS,
      operationTimeoutMs: env.OPERATION_TIMEOUT_MS,
      shutdownDelaySeconds: env.SHUTDOWN_DELAY_SECONDS,
      shutdownGraceSeconds: env.SHUTDOWN_GRACE_SECONDS,
    },
    logLevel: env.LOG_LEVEL ?? (production ? 'info' : 'warn'),
  });
}

/** A password must not cross a network in plain text. */
function needsTls({ username, hostname }: URL): boolean {
  return username !== '' && !isLoopback(hostname);
}

function isOn(setting: 'on' | 'off' | undefined, production: boolean): boolean {
  return setting === undefined ? !production : setting === 'on';
}

function poolSizeOfOne(workers: number): number {
  return Math.max(2, Math.min(DEFAULT_LIMITS.poolSize, Math.floor(CONNECTIONS_OF_A_CLUSTER / workers)));
}

function frozen<Part extends object>(part: Part): Part {
  for (const value of Object.values(part)) if (typeof value === 'object') frozen(value);
  return Object.freeze(part);
}
