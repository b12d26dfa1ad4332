import { join } from 'node:path';
import { LOGIN, PASSWORD, PROTECTED, REFRESH } from '../support/harness.js';
import { runProgram, startServerProcess, type ServerProcess } from '../support/program.js';
import { makeScratch, type Scratch } from '../support/scratch.js';
import { until } from '../support/until.js';

/** Three processes start one after another, which takes long on a busy machine. */
const PATIENCE_MS = 120_000;
const EMAIL = 'nora@example.com';

/** With TEST_INSTALLATION these tests check another installation than this checkout. */
describe('the shipped server in production', () => {
  let scratch: Scratch;
  let server: ServerProcess;
  beforeAll(async () => {
    scratch = makeScratch();
    const environment = {
      NODE_ENV: 'production',
      DATABASE_URL: scratch.url,
      KEY_RING_FILE: join(scratch.path, 'key-ring.json'),
      AUTH_TOKEN_ISSUER: 'https://tandem.example',
      AUTH_TOKEN_TTL_SECONDS: '5',
    };
    await run('cli/keys.js', { args: ['init'], environment });
    await run('cli/account.js', { args: ['create', EMAIL, 'Nora'], input: `${PASSWORD}\n`, environment });
    server = await startServerProcess(scratch.path, environment);
  }, PATIENCE_MS);
  afterAll(async () => {
    await server.kill();
    scratch.remove();
  });

  async function run(script: string, options: Parameters<typeof runProgram>[2]): Promise<void> {
    expect(await runProgram(scratch.path, script, options)).toMatchObject({ exitCode: 0 });
  }

  async function send(query: string, { input, token }: { input?: object; token?: string } = {}) {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables: { input } }),
    });
    return { status: response.status, ...((await response.json()) as Reply) };
  }

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
});

interface Pair {
  authToken: string;
  refreshToken: string;
}

interface Reply {
  data?: { login?: Pair; refreshToken?: Pair };
  errors?: unknown[];
}
