import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { freshDatabase, type TestDatabase } from '../support/databases.js';
import { LOGIN, PASSWORD, PROTECTED, REFRESH } from '../support/harness.js';
import { runProgram, startServerProcess, type ServerProcess } from '../support/program.js';
import { makeScratch, type Scratch } from '../support/scratch.js';
import { until } from '../support/until.js';

/** A release is made, and processes start one after another, which takes long on a busy machine. */
const PATIENCE_MS = 120_000;
const EMAIL = 'nora@example.com';
const LARGEST_RELEASE_BYTES = 40 * 1024 * 1024;

/** The release is in a temporary folder: it finds no package and no compiler above itself. */
describe('a release in production', () => {
  let scratch: Scratch;
  let database: TestDatabase;
  let release: string;
  let filesBefore: string[];
  let environment: Record<string, string>;
  let server: ServerProcess;
  beforeAll(async () => {
    scratch = makeScratch();
    database = await freshDatabase();
    release = join(scratch.path, 'release');
    execFileSync(process.execPath, ['bin/release.mjs', release]);
    execFileSync('chmod', ['-R', 'a-w', release]);
    filesBefore = files();
    environment = {
      NODE_ENV: 'production',
      DATABASE_URL: database.url,
      KEY_RING_FILE: join(scratch.path, 'key-ring.json'),
      AUTH_TOKEN_ISSUER: 'https://tandem.example',
      AUTH_TOKEN_TTL_SECONDS: '5',
    };
    await run('migrate');
    await run('keys', 'init');
    await run('account', 'create', EMAIL, 'Nora');
    server = await startServerProcess(scratch.path, environment, join(release, 'dist/bundle/main.mjs'));
  }, PATIENCE_MS);
  afterAll(async () => {
    await server.kill();
    await database.drop();
    execFileSync('chmod', ['-R', 'u+w', release]);
    scratch.remove();
  });

  /** Runs a command of the release with a password as its input, and returns what it prints. */
  async function run(command: string, ...args: string[]): Promise<string> {
    const script = join(release, 'dist/cli', `${command}.js`);
    const ended = await runProgram(scratch.path, script, { args, input: `${PASSWORD}\n`, environment });
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    return ended.stdout;
  }

  /** Each file of the release with its size and the time of its last change. */
  function files(): string[] {
    const names = readdirSync(release, { recursive: true, encoding: 'utf8' }).sort();
    return names.map((name) => {
      const { size, mtimeMs } = lstatSync(join(release, name));
      return `${name} ${size} ${mtimeMs}`;
    });
  }

  async function send(query: string, { input, token }: { input?: object; token?: string } = {}) {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables: { input } }),
    });
    return { status: response.status, ...((await response.json()) as Reply) };
  }

  it('says in its log as JSON why it does not start', async () => {
    const script = join(release, 'dist/bundle/main.mjs');
    const ended = await runProgram(scratch.path, script, { environment: { ...environment, PORT: 'many' } });
    expect(ended.exitCode).toBe(1);
    const [line = ''] = ended.stdout.trim().split('\n').slice(-1);
    expect(JSON.parse(line)).toMatchObject({ level: 'fatal', event: 'start.failed' });
    expect(JSON.parse(line).msg).toContain('PORT');
  });

  it('logs in, serves a read, rejects the expired token, refreshes, and serves the read again', async () => {
    const first = (await send(LOGIN, { input: { email: EMAIL, password: PASSWORD } })).data?.login;
    expect(await send(PROTECTED, { token: first?.authToken ?? '' })).toEqual({
      status: 200,
      data: { posts: { nodes: [] } },
    });

    await until(async () => (await send(PROTECTED, { token: first?.authToken ?? '' })).status !== 200);
    expect(await send(PROTECTED, { token: first?.authToken ?? '' })).toMatchObject({
      status: 401,
      errors: [{ extensions: { code: 'UNAUTHENTICATED', reason: 'TOKEN_EXPIRED', recovery: 'REFRESH' } }],
    });

    const second = (await send(REFRESH, { input: { refreshToken: first?.refreshToken } })).data?.refreshToken;
    expect((await send(PROTECTED, { token: second?.authToken ?? '' })).status).toBe(200);
  });

  it('runs every command', async () => {
    expect(await run('migrate')).toContain('No migration');
    expect((await run('keys', 'list')).trimEnd().split('\n')).toHaveLength(3);
    expect((await run('keys', 'rotate')).trimEnd().split('\n')).toHaveLength(4);
    expect(await run('account', 'list')).toContain(EMAIL);
    expect(await run('account', 'events', EMAIL)).toContain('LOGGED_IN');
    await run('audit', 'verify');
  });

  it('serves as a cluster', async () => {
    const program = join(release, 'dist/bundle/cluster.mjs');
    const cluster = await startServerProcess(scratch.path, { ...environment, CLUSTER_WORKERS: '2' }, program);
    expect((await fetch(`${cluster.url}/readyz`)).status).toBe(200);
    expect(await cluster.stop()).toBe(0);
  });

  it('has no demo accounts', async () => {
    for (const email of ['ada@example.com', 'grace@example.com']) {
      expect(await send(LOGIN, { input: { email, password: PASSWORD } })).toMatchObject({
        status: 400,
        errors: [{ extensions: { reason: 'WRONG_EMAIL_OR_PASSWORD' } }],
      });
    }
  });

  it('rejects introspection', async () => {
    expect((await send('{ __schema { types { name } } }')).status).toBe(400);
  });

  it('serves no explorer', async () => {
    const page = await fetch(`${server.url}/graphql`, { headers: { accept: 'text/html' } });
    expect(page.status).toBeGreaterThanOrEqual(400);
  });

  it('is ready, and exits with 0 on SIGTERM', async () => {
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect(await server.stop()).toBe(0);
  });

  it('is small, and no program writes into it', () => {
    const bytes = filesBefore.reduce((sum, line) => sum + Number(line.split(' ').at(-2)), 0);
    expect(bytes).toBeLessThan(LARGEST_RELEASE_BYTES);
    expect(files()).toEqual(filesBefore);
  });
});

interface Pair {
  authToken: string;
  refreshToken: string;
}

interface Reply {
  data?: { login?: Pair; refreshToken?: Pair };
  errors?: unknown[];
}
