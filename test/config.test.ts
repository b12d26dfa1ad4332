import { ConfigError, loadCommandConfig, loadConfig } from '../src/config.js';

const PRODUCTION = { NODE_ENV: 'production', AUTH_TOKEN_ISSUER: 'https://api.example.com' };
const VALID: Record<string, string> = {
  HOST: 'localhost',
  DATABASE_URL: 'file:tandem.db',
  AUTH_TOKEN_ISSUER: 'https://api.example.com',
  NODE_ENV: 'test',
  PORT: '80',
  LOG_LEVEL: 'info',
  AUTH_TOKEN_ALGORITHM: 'ES256',
};

function problemsOf(environment: Record<string, string | undefined>): readonly string[] {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

/** The names of the variables with a problem. */
const blamed = (environment: Record<string, string | undefined>) =>
  problemsOf(environment).map((problem) => problem.split(' ')[0]);

const everyPart = (value: object): object[] => [
  value,
  ...Object.values(value).flatMap((part: unknown) =>
    typeof part === 'object' && part !== null ? everyPart(part) : [],
  ),
];

describe('the configuration', () => {
  it('needs no environment variables: auth tokens live for an hour, signed with ES256', () => {
    expect(loadConfig({})).toMatchObject({
      production: false,
      host: 'localhost',
      port: 4000,
      keyRing: { json: undefined, file: '.data/key-ring.json', algorithm: undefined },
      authToken: { ttlSeconds: 3600, issuer: 'http://localhost:4000', audience: 'tandem', clientId: 'tandem' },
      session: { idleSeconds: 14 * 86_400, maxSeconds: 30 * 86_400, graceSeconds: 10 },
      http: {
        production: false,
        trustedProxies: [],
        corsOrigins: [],
        shutdownDelaySeconds: 0,
        shutdownGraceSeconds: 10,
      },
      logLevel: 'warn',
    });
  });

  it('hashes passwords with at least the cost that OWASP recommends', () => {
    expect(loadConfig({}).password).toMatchObject({ memoryKib: 19_456, iterations: 2 });
    expect(blamed({ PASSWORD_MEMORY_KIB: '19455', PASSWORD_ITERATIONS: '1' })).toEqual([
      'PASSWORD_MEMORY_KIB',
      'PASSWORD_ITERATIONS',
    ]);
  });

  it('gives each worker its share of the machine unless it is configured', () => {
    const worker = (environment = {}) => loadConfig({ CLUSTER_WORKERS: '8', ...environment }, true);
    expect(worker()).toMatchObject({ workers: 8, database: { limits: { poolSize: 5 } } });
    expect(worker({ CLUSTER_WORKERS: '2' })).toMatchObject({ database: { limits: { poolSize: 10 } } });
    expect(worker({ CLUSTER_WORKERS: '256' })).toMatchObject({ database: { limits: { poolSize: 2 } } });
    expect(worker({ CLUSTER_WORKERS: '256' }).password.concurrency).toBe(1);
    expect(worker({ DATABASE_POOL_SIZE: '20', PASSWORD_CONCURRENCY: '4' })).toMatchObject({
      database: { limits: { poolSize: 20 } },
      password: { concurrency: 4 },
    });
    expect(loadConfig({ CLUSTER_WORKERS: '8' })).toMatchObject({ database: { limits: { poolSize: 10 } } });
  });

  it('treats an empty variable as unset', () => {
    const names = ['NODE_ENV', 'PORT', 'KEY_RING', 'AUTH_TOKEN_TTL_SECONDS', 'AUTH_TOKEN_ALGORITHM', 'LOG_LEVEL'];
    expect(loadConfig(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(loadConfig({}));
    expect(loadConfig({ PORT: undefined })).toEqual(loadConfig({}));
  });

  it('ignores unknown variables', () => {
    expect(loadConfig({ PATH: '/bin', HOME: '/root' })).toEqual(loadConfig({}));
  });

  it('reports every problem at once, by the name of the variable', () => {
    const environment = {
      NODE_ENV: 'staging',
      PORT: '65536',
      DATABASE_URL: 'mysql://db/tandem',
      AUTH_TOKEN_ALGORITHM: 'none',
      AUTH_TOKEN_TTL_SECONDS: '0',
      SESSION_MAX_SECONDS: '1d',
      LOG_LEVEL: 'loud',
    };
    expect(blamed(environment).sort()).toEqual(Object.keys(environment).sort());
  });

  it('repeats no value in its errors', () => {
    const secret = 'hunter2';
    const names = ['NODE_ENV', 'PORT', 'AUTH_TOKEN_ALGORITHM', 'AUTH_TOKEN_TTL_SECONDS', 'PASSWORD_QUEUE', 'LOG_LEVEL'];
    const environment = {
      ...Object.fromEntries(names.map((name) => [name, secret])),
      DATABASE_URL: `mysql://root:${secret}@db/tandem`,
    };
    expect(problemsOf(environment)).toHaveLength(7);
    expect(() => loadConfig(environment)).toThrow(ConfigError);
    expect(() => loadConfig(environment)).not.toThrow(secret);
    expect(problemsOf(environment).join()).not.toContain(secret);
  });

  it.each([
    '1.5',
    '-1',
    '+1',
    '1e3',
    '0x10',
    ' 60',
    '60 ',
    '60s',
    'NaN',
    'Infinity',
    '１',
    '99999999999',
    '0',
    '86401',
  ])('rejects %j as a number of seconds', (value) => {
    expect(blamed({ AUTH_TOKEN_TTL_SECONDS: value })).toEqual(['AUTH_TOKEN_TTL_SECONDS']);
  });

  it.each([
    ['AUTH_TOKEN_TTL_SECONDS', '1', '86400'],
    ['PORT', '0', '65535'],
    ['REFRESH_GRACE_SECONDS', '1', '60'],
    ['SHUTDOWN_GRACE_SECONDS', '0', '600'],
  ])('accepts %s from %s to %s', (name, least, most) => {
    expect(problemsOf({ [name]: least })).toEqual([]);
    expect(problemsOf({ [name]: most })).toEqual([]);
    expect(blamed({ [name]: String(Number(most) + 1) })).toEqual([name]);
  });

  it.each(['none', 'es256', 'HS512', 'PS256', 'EdDSA'])('rejects %j as an algorithm of auth tokens', (algorithm) => {
    expect(blamed({ AUTH_TOKEN_ALGORITHM: algorithm })).toEqual(['AUTH_TOKEN_ALGORITHM']);
  });

  it.each([
    'capacitor://localhost',
    'tauri://localhost',
    'chrome-extension://abcdefghijklmnop',
    'https://a.example:8443',
  ])('accepts the origin %s', (origin) => {
    expect(loadConfig({ CORS_ORIGINS: origin }).http.corsOrigins).toEqual([origin]);
  });

  it.each([
    'https://a.example/',
    'https://a.example/path',
    'capacitor://localhost/x',
    'a.example',
    'null',
    '*',
    'mailto:a@b.c',
  ])('rejects %s as an origin', (origin) => {
    expect(blamed({ CORS_ORIGINS: origin })).toEqual(['CORS_ORIGINS']);
  });

  it('splits lists at commas and drops empty items', () => {
    const config = loadConfig({
      CORS_ORIGINS: ' https://a.example ,, https://b.example,',
      TRUSTED_PROXIES: '10.0.0.0/8',
    });
    expect(config.http.corsOrigins).toEqual(['https://a.example', 'https://b.example']);
    expect(config.http.trustedProxies).toEqual(['10.0.0.0/8']);
  });

  it('logs more in production unless configured', () => {
    expect(loadConfig(PRODUCTION)).toMatchObject({ production: true, logLevel: 'info' });
    expect(loadConfig({ ...PRODUCTION, LOG_LEVEL: 'error' }).logLevel).toBe('error');
  });

  it.each(['0.0.0.0', '::', '192.0.2.1', 'api.example.com'])('requires NODE_ENV when HOST is %s', (HOST) => {
    expect(blamed({ HOST })).toEqual(['NODE_ENV']);
    expect(blamed({ HOST, NODE_ENV: '' })).toEqual(['NODE_ENV']);
    expect(blamed({ HOST, NODE_ENV: 'development' })).toEqual([]);
    expect(blamed({ ...PRODUCTION, HOST })).toEqual([]);
  });

  it.each(['localhost', '127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1', 'app.localhost'])(
    'does not require NODE_ENV when HOST is %s',
    (HOST) => {
      expect(blamed({ HOST })).toEqual([]);
    },
  );

  it('rejects a PGSSLMODE with which node-postgres would connect without TLS', () => {
    const DATABASE_URL = 'postgresql://user@database.example/tandem';
    for (const PGSSLMODE of ['requrie', 'allow', 'REQUIRE']) {
      expect(blamed({ DATABASE_URL, PGSSLMODE })).toEqual(['PGSSLMODE']);
      expect(blamed({ PGSSLMODE })).toEqual([]);
    }
    for (const PGSSLMODE of ['disable', 'require', 'verify-full', '']) {
      expect(blamed({ DATABASE_URL, PGSSLMODE })).toEqual([]);
    }
  });

  it.each(['my_service', 'api.example.com.', 'fe80::1%eth0'])('accepts the host %s', (HOST) => {
    expect(blamed({ NODE_ENV: 'test', HOST })).toEqual([]);
  });

  it.each(['fe80::1%eth0', 'fe80::1%eth0/64', '10.0.0.0/33', '10.0.0.0/8/8', 'proxy.internal'])(
    'rejects %s as a trusted proxy',
    (TRUSTED_PROXIES) => {
      expect(blamed({ TRUSTED_PROXIES })).toEqual(['TRUSTED_PROXIES']);
    },
  );

  it.each(['http://0.0.0.0', '[::1]', 'localhost:4000', '-x', 'a b'])('rejects %j as HOST', (HOST) => {
    expect(blamed({ NODE_ENV: 'test', HOST })).toEqual(['HOST']);
  });

  it.each([
    'tandem',
    'api.example.com',
    'ftp://a.example',
    'https://a.example?x=1',
    'https://a.example#x',
    'https://u:p@a.example',
  ])('rejects %j as the issuer', (AUTH_TOKEN_ISSUER) => {
    expect(blamed({ AUTH_TOKEN_ISSUER })).toEqual(['AUTH_TOKEN_ISSUER']);
  });

  it.each([
    undefined,
    '',
    'http://localhost:4000',
    'https://localhost.',
    'https://x.localhost',
    'http://127.0.0.1',
    'http://[::1]',
    'http://0.0.0.0',
  ])('rejects %j as the issuer in production', (AUTH_TOKEN_ISSUER) => {
    expect(blamed({ ...PRODUCTION, AUTH_TOKEN_ISSUER })).toEqual(['AUTH_TOKEN_ISSUER']);
    expect(() => loadCommandConfig({ NODE_ENV: 'production' })).not.toThrow();
  });

  it('accepts any other absolute URL as the issuer, and keeps it as it is', () => {
    for (const AUTH_TOKEN_ISSUER of [
      'https://api.example.com',
      'http://tandem.internal:4000/',
      'https://a.example/t',
    ]) {
      expect(loadConfig({ ...PRODUCTION, AUTH_TOKEN_ISSUER }).authToken.issuer).toBe(AUTH_TOKEN_ISSUER);
    }
  });

  it('requires https for refresh tokens in cookies, except on this machine', () => {
    const cookies = { REFRESH_TOKEN_TRANSPORT: 'cookie', AUTH_TOKEN_ISSUER: 'https://api.example.com' };
    const local = 'http://localhost:5173,http://127.0.0.1:5173,https://app.example.com';
    expect(blamed({ ...cookies, PUBLIC_URL: 'http://localhost:4000', CORS_ORIGINS: local })).toEqual([]);
    expect(blamed({ ...cookies, AUTH_TOKEN_ISSUER: 'http://api.example.com' })).toEqual(['AUTH_TOKEN_ISSUER']);
    expect(blamed({ ...cookies, PUBLIC_URL: 'http://api.example.com' })).toEqual(['PUBLIC_URL']);
    expect(blamed({ ...cookies, CORS_ORIGINS: 'https://a.example,http://app.example.com' })).toEqual(['CORS_ORIGINS']);
    expect(blamed({ PUBLIC_URL: 'http://api.example.com', CORS_ORIGINS: 'http://app.example.com' })).toEqual([]);
  });

  it('sends refresh tokens in bodies by default; in cookies, to the origins of PUBLIC_URL and CORS_ORIGINS', () => {
    const origins = { PUBLIC_URL: 'https://api.example.com/base/', CORS_ORIGINS: 'https://app.example.com' };
    expect(loadConfig(origins).http.cookieOrigins).toBeUndefined();
    expect(loadConfig({ ...origins, REFRESH_TOKEN_TRANSPORT: 'cookie' }).http.cookieOrigins).toEqual([
      'https://api.example.com',
      'https://app.example.com',
    ]);
  });

  it('rejects an idle lifetime above the maximum of a session', () => {
    expect(blamed({ REFRESH_TOKEN_IDLE_SECONDS: '61', SESSION_MAX_SECONDS: '60' })).toEqual([
      'REFRESH_TOKEN_IDLE_SECONDS',
    ]);
    expect(blamed({ REFRESH_TOKEN_IDLE_SECONDS: '2592001' })).toEqual(['REFRESH_TOKEN_IDLE_SECONDS']);
    expect(loadConfig({ SESSION_MAX_SECONDS: '60' }).session).toMatchObject({ idleSeconds: 60, maxSeconds: 60 });
  });

  it.each([
    'HOST',
    'DATABASE_URL',
    'KEY_RING_FILE',
    'AUTH_TOKEN_ISSUER',
    'AUTH_TOKEN_AUDIENCE',
    'AUTH_TOKEN_CLIENT_ID',
    'NODE_ENV',
    'PORT',
    'LOG_LEVEL',
    'AUTH_TOKEN_ALGORITHM',
  ])('rejects whitespace around %s, and control characters in it', (name) => {
    const value = VALID[name] ?? 'x';
    expect(blamed({ [name]: value })).toEqual([]);
    for (const spoiled of [`${value}\n`, ` ${value}`, `${value}\u00a0`, `\ufeff${value}`, `x\u0000${value}`]) {
      expect(new Set(blamed({ [name]: spoiled }))).toEqual(new Set([name]));
    }
  });

  it.each([
    'postgresql://user:pa#ss@host/db',
    'postgresql://a:5432,b:5432/db',
    'file::memory:',
    'file:a.db?mode=ro',
    'postgresql://host/db?schema=app',
    'postgresql://host/db?statement_timeout=0',
    'postgresql://host/db?max=100',
    'postgresql://host/db?client_encoding=LATIN1',
  ])('rejects the DATABASE_URL %s', (DATABASE_URL) => {
    expect(blamed({ DATABASE_URL })).toEqual(['DATABASE_URL']);
  });

  it.each([
    'postgres://host/db',
    'postgresql://user:p%23ss@[::1]:5432/db?sslmode=require&application_name=x',
    'postgresql://user@/db?host=/run/postgresql',
    'postgresql:///db?host=/run/postgresql',
    'file:///srv/tandem.db',
    'file:data/tandem.db',
  ])('accepts the DATABASE_URL %s', (DATABASE_URL) => {
    expect(blamed({ DATABASE_URL })).toEqual([]);
  });

  it('is deeply frozen', () => {
    const parts = everyPart(loadConfig({ CORS_ORIGINS: 'https://a.example' }));
    expect(parts.length).toBeGreaterThan(5);
    expect(parts.filter((part) => !Object.isFrozen(part))).toEqual([]);
  });
});
