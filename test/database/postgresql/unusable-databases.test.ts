import { randomBytes } from 'node:crypto';
import { requireUsableServer } from '../../../src/database/postgres/server-requirements.js';
import { OperatorError } from '../../../src/shared/operator-error.js';
import { databaseUrl, onServer } from '../../support/databases.js';
import { LOGIN, PASSWORD } from '../../support/harness.js';
import { runProgram, startServerProcess } from '../../support/program.js';
import { makeScratch, type Scratch } from '../../support/scratch.js';

const SERVER_URL = process.env['TEST_POSTGRES_URL'] ?? '';

let name: string;
let scratch: Scratch;
beforeEach(() => {
  name = `tandem_${randomBytes(6).toString('hex')}`;
  scratch = makeScratch();
});
afterEach(async () => {
  await onServer(SERVER_URL, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await onServer(SERVER_URL, `DROP ROLE IF EXISTS ${name}`);
  scratch.remove();
});

const create = (options = '') => onServer(SERVER_URL, `CREATE DATABASE ${name} ${options}`);
const start = (url: string) =>
  runProgram(scratch.path, 'bundle/main.mjs', { environment: { NODE_ENV: 'test', DATABASE_URL: url, PORT: '0' } });

describe('a PostgreSQL database that cannot be used', () => {
  it.each([
    ['LATIN1', `ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`, ''],
    ['read-only', '', `ALTER DATABASE %I SET default_transaction_read_only = on`],
    ['DateStyle', '', `ALTER DATABASE %I SET DateStyle = 'German'`],
    ['search_path', '', `ALTER DATABASE %I SET search_path = missing`],
  ])('stops the start, and its problem is named: %s', async (problem, options, change) => {
    await create(options);
    if (change) await onServer(SERVER_URL, change.replace('%I', name));
    const { exitCode, stdout, stderr } = await start(databaseUrl(SERVER_URL, name));
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(problem);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});

describe('the version of a PostgreSQL server', () => {
  const check = (version: number) => {
    const state = { version, encoding: 'UTF8', schema: 'public', isReadOnly: false, dateStyle: 'ISO, MDY' };
    return requireUsableServer({ query: async () => ({ rows: [state] }) } as never);
  };

  it('must be 12 or later', async () => {
    await expect(check(110_022)).rejects.toThrow(OperatorError);
    await expect(check(110_022)).rejects.toThrow('PostgreSQL 12');
    await expect(check(120_000)).resolves.toBeUndefined();
  });

  it('is read from the server', async () => {
    const versions: unknown[] = [];
    const query = async (sql: string) => {
      const rows = await onServer(SERVER_URL, sql);
      versions.push(...rows.map(({ version }) => version));
      return { rows };
    };
    await requireUsableServer({ query } as never);
    const [expected] = await onServer(SERVER_URL, 'SHOW server_version_num');
    expect(versions).toEqual([Number(expected?.['server_version_num'])]);
  });
});

describe('a role with a schema of its own', () => {
  it('keeps its tables there, separate from those of public', async () => {
    await create();
    const url = databaseUrl(SERVER_URL, name);
    await onServer(url, `CREATE ROLE ${name} LOGIN`, `CREATE SCHEMA ${name} AUTHORIZATION ${name}`);
    const own = new URL(url);
    own.username = name;
    const logIn = async (databaseUrlOf: string) => {
      const server = await startServerProcess(scratch.path, { NODE_ENV: 'development', DATABASE_URL: databaseUrlOf });
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: LOGIN, variables: { input: { email: 'ada@example.com', password: PASSWORD } } }),
      });
      await server.kill();
      return response.status;
    };
    expect(await logIn(own.href)).toBe(200);
    expect(await tables(url)).toEqual([name]);
    expect(await logIn(url)).toBe(200);
    expect(await tables(url)).toEqual(['public', name]);
    const counts = await onServer(
      url,
      `SELECT (SELECT count(*) FROM public."Session")::int AS a, (SELECT count(*) FROM ${name}."Session")::int AS b`,
    );
    expect(counts).toEqual([{ a: 1, b: 1 }]);
  });

  const tables = async (url: string) =>
    (await onServer(url, `SELECT schemaname AS s FROM pg_tables WHERE tablename = 'Session' ORDER BY 1`)).map(
      ({ s }) => s,
    );
});
