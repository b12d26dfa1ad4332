import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { hashThreads, type HashThreads } from '../../src/accounts/passwords/hash-threads.js';
import type { ScorePassword } from '../../src/accounts/passwords/password-scoring.js';
import { createApp, type App } from '../../src/app/app.js';
import { loadConfig, type Config } from '../../src/config.js';
import { openDatabase, type Database } from '../../src/database/client.js';
import { openDatabases } from '../../src/database/databases.js';

import { listen } from '../../src/http/listen.js';
import type { SampleLag } from '../../src/http/overload/event-loop-lag.js';
import { createLogger } from '../../src/shared/logger.js';
import { migratedDatabase } from './databases.js';
import { testClock, type TestClock } from './test-clock.js';

export const PASSWORD = 'correct horse battery staple';

/** The settings that production requires besides a key ring. */
export const PRODUCTION = { NODE_ENV: 'production', AUTH_TOKEN_ISSUER: 'https://tandem.example' };

export interface GraphQLReply {
  status: number;
  headers: Headers;
  /** The response body as text. */
  text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the data depends on the operation
  data: any;
  errors: { message: string; path?: unknown; extensions: Record<string, unknown> }[] | undefined;
}

export interface Person {
  id: string;
  email: string;
}

export interface Tokens {
  authToken: string;
  refreshToken: string;
  sessionId: string;
}

export interface RequestOptions {
  token?: string | undefined;
  headers?: Record<string, string>;
}

export interface RefreshOptions extends RequestOptions {
  /** The idempotency key of the exchange. */
  key?: string;
}

export interface Tandem {
  /** The URL of the server, without a path. */
  url: string;
  app: App;
  config: Config;
  clock: TestClock;
  database: Database;
  keyRingPath: string;
  /** The log so far, as JSON lines. */
  log(): string;
  send(query: string, variables?: object, options?: RequestOptions): Promise<GraphQLReply>;
  /** Creates an account with the password `PASSWORD`. */
  person(name?: string): Promise<Person>;
  /** Disables an account and leaves its sessions active. */
  disable(accountId: string): Promise<void>;
  /** Logs in, with a new account by default. */
  login(person?: Person, options?: RequestOptions): Promise<Tokens>;
  refresh(refreshToken: string, options?: RefreshOptions): Promise<GraphQLReply>;
  /** Starts another server of the same deployment in this process: same database, key ring and clock. */
  startInstance(environment?: Record<string, string>): Promise<Tandem>;
  /** Resolves when each mail that is due was attempted: any server of the deployment may be sending it. */
  sendDueMail(): Promise<void>;
  close(): Promise<void>;
}

export const TOKENS = `tokenType authToken authTokenExpiresAt refreshToken refreshTokenExpiresAt refreshAfter serverTime
  session { id deviceName userAgent ipAddress createdAt lastUsedAt expiresAt current } account { id email role }`;
export const LOGIN = `mutation Login($input: LoginInput!) { login(input: $input) { ${TOKENS} } }`;
export const REFRESH = `mutation Refresh($input: RefreshTokenInput!) { refreshToken(input: $input) { ${TOKENS} } }`;
export const PROTECTED = '{ posts(first: 1) { nodes { id } } }';

/** Most tests are not about limits. All of them send requests from one address. */
const NO_LIMITS = {
  LOGIN_ATTEMPTS_PER_ACCOUNT: '1000000',
  LOGIN_ATTEMPTS_PER_ADDRESS: '1000000',
  LOGIN_ATTEMPTS_PER_PAIR: '1000000',
  MAILS_PER_ACCOUNT_AND_HOUR: '1000000',
  MAILS_PER_ACCOUNT_AND_DAY: '1000000',
  MAILS_PER_ADDRESS_AND_HOUR: '1000000',
  MAILS_PER_HOUR: '1000000',
  PASSWORD_CHECKS_PER_ADDRESS: '1000000',
  REFRESHES_PER_SESSION: '1000000',
  UNKNOWN_REFRESH_TOKENS_PER_ADDRESS: '1000000',
  PASSWORD_QUEUE_WAIT_MS: '600000',
};

/** The caches of tokens and sessions allocate their capacity when a server starts. */
const SMALL_CACHES = { CACHED_AUTH_TOKENS: '1000', CACHED_SESSIONS: '1000' };

/** Tests on a busy machine must not be rejected. */
const NO_LAG: SampleLag = () => () => undefined;

/** The thread that scores passwords takes 0.3 s to start. Only tests about passwords start it, by `'zxcvbn'`. */
const ALWAYS_STRONG: ScorePassword = async () => 4;

/** A thread takes 50 ms to start. The servers of a test process share theirs, and do not stop them. */
const HASH_THREADS: HashThreads = { ...hashThreads(), stop: async () => undefined };

/** A lower cost than the configuration accepts. Hashing would take a third of the time of the tests. */
const CHEAP = { memoryKib: 256, iterations: 1 };

/**
 * Starts a server for one test: real HTTP on a free port, its own database and a clock that the test can set.
 * `environment` contains settings as an operator sets them. With `open`, a test can observe the
 * database; with `sampleLag`, it chooses the lag of the event loop; with `scorePassword`, how passwords are scored.
 */
export async function startTandem(
  environment: Record<string, string> = {},
  open: typeof openDatabase = openDatabase,
  sampleLag: SampleLag = NO_LAG,
  scorePassword: ScorePassword | 'zxcvbn' = ALWAYS_STRONG,
): Promise<Tandem> {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-'));
  const database = await migratedDatabase();
  const given = {
    DATABASE_URL: database.url,
    KEY_RING_FILE: join(directory, 'key-ring.json'),
    MAIL_FOLDER: join(directory, 'outbox'),
    ...environment,
  };
  const tandem = await start(testClock(), given, open, sampleLag, scorePassword);
  return {
    ...tandem,
    async close() {
      await tandem.close();
      await database.drop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function start(
  clock: TestClock,
  environment: Record<string, string>,
  open: typeof openDatabase,
  sampleLag: SampleLag,
  scorePassword: ScorePassword | 'zxcvbn',
  deployment: App[] = [],
): Promise<Tandem> {
  const loaded = loadConfig({
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'debug',
    ...NO_LIMITS,
    ...SMALL_CACHES,
    ...environment,
  });
  const isCostGiven = 'PASSWORD_MEMORY_KIB' in environment || 'PASSWORD_ITERATIONS' in environment;
  const config = isCostGiven ? loaded : { ...loaded, password: { ...loaded.password, ...CHEAP } };
  const lines: string[] = [];
  const destination = new Writable({ write: (chunk, _encoding, done) => (lines.push(String(chunk)), done()) });
  const databases = openDatabases(config.database, open);
  const { database } = databases;
  const app = await createApp({
    settings: config,
    ...databases,
    clock,
    logger: createLogger(config.logLevel, destination),
    sampleLag,
    hashThreads: HASH_THREADS,
    ...(scorePassword !== 'zxcvbn' && { scorePassword }),
  });
  deployment.push(app);
  const url = await listen(app.http, config, async () => [{ address: '127.0.0.1' }, { address: '::1' }]);
  const instances: Tandem[] = [];
  let passwordHash: Promise<string> | undefined;

  const tandem: Tandem = {
    url,
    app,
    config,
    clock,
    database,
    keyRingPath: config.keyRing.file,
    log: () => lines.join(''),
    async send(query, variables = {}, { token, headers = {} } = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }), ...headers },
        body: JSON.stringify({ query, variables }),
      });
      const text = await response.text();
      const { data, errors } = JSON.parse(text) as Pick<GraphQLReply, 'data' | 'errors'>;
      return { status: response.status, headers: response.headers, text, data, errors };
    },
    async person(name = `person-${Math.random().toString(36).slice(2)}`) {
      const email = `${name}@example.com`;
      passwordHash ??= app.hashing.hash(PASSWORD);
      const { id } = await app.accounts.create({ email, displayName: name, passwordHash: await passwordHash });
      return { id, email };
    },
    async disable(accountId) {
      await database.account.update({ where: { id: accountId }, data: { disabledAt: new Date(clock.nowMs()) } });
    },
    async login(person, options) {
      const { email } = person ?? (await tandem.person());
      const reply = await tandem.send(LOGIN, { input: { email, password: PASSWORD } }, options);
      return tokensOf(reply.data.login);
    },
    refresh: (refreshToken, { key: idempotencyKey, ...options } = {}) =>
      tandem.send(REFRESH, { input: { refreshToken, idempotencyKey } }, options),
    async startInstance(overrides = {}) {
      const merged = { ...environment, ...overrides };
      const other = await start(clock, merged, open, sampleLag, scorePassword, deployment);
      instances.push(other);
      return other;
    },
    async sendDueMail() {
      await Promise.all(deployment.map((each) => each.sendDueMail()));
    },
    async close() {
      await Promise.all(instances.map((instance) => instance.close()));
      await app.close();
    },
  };
  return tandem;
}

/** The tokens in a TokenPair of a response. */
export function tokensOf(pair: { authToken: string; refreshToken: string; session: { id: string } }): Tokens {
  return { authToken: pair.authToken, refreshToken: pair.refreshToken, sessionId: pair.session.id };
}

/** The status, code, reason and recovery of an error. Tests do not compare messages. */
export function refusal({ status, errors }: GraphQLReply): unknown {
  const { code, reason, recovery } = errors?.[0]?.extensions ?? {};
  return { status, code, reason, recovery };
}
