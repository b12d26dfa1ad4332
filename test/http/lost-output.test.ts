import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { migratedDatabase, type TestDatabase } from '../support/databases.js';
import { makeScratch, type Scratch } from '../support/scratch.js';
import { until } from '../support/until.js';

/** On Linux: every write fails as on a full disk. */
const FULL = '/dev/full';

describe('a process whose output is lost', () => {
  let scratch: Scratch;
  let database: TestDatabase;
  let child: ChildProcess | undefined;
  beforeEach(async () => {
    scratch = makeScratch();
    database = await migratedDatabase();
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await database.drop();
    scratch.remove();
  });

  const start = (script: string, args: string[], stdout: 'pipe' | number, environment = {}) =>
    (child = spawn(process.execPath, [resolve('dist', script), ...args], {
      cwd: scratch.path,
      stdio: ['ignore', stdout, 'pipe'],
      env: { LOG_LEVEL: 'info', DATABASE_URL: database.url, ...environment },
    }));

  async function freePort(): Promise<number> {
    const occupant = createServer().listen(0, '127.0.0.1');
    await once(occupant, 'listening');
    const { port } = occupant.address() as AddressInfo;
    await new Promise((settle) => occupant.close(settle));
    return port;
  }

  const losses: [string, () => 'pipe' | number][] = [['nobody reads it', () => 'pipe']];
  if (existsSync(FULL)) losses.push(['the disk is full', () => openSync(FULL, 'w')]);

  it.each(losses)('serves and stops as usual: %s', async (_why, open) => {
    const port = await freePort();
    const stdout = open();
    const server = start('bundle/main.mjs', [], stdout, { HOST: '127.0.0.1', PORT: String(port) });
    if (typeof stdout === 'number') closeSync(stdout);
    server.stdout?.destroy();
    let errors = '';
    server.stderr?.on('data', (chunk) => (errors += String(chunk)));
    const ask = () => fetch(`http://127.0.0.1:${port}/graphql`, { headers: { connection: 'close' } });
    await until(async () => (await ask().catch(() => undefined)) !== undefined);
    for (let time = 0; time < 20; time++) expect((await ask()).status).toBe(400);
    server.kill('SIGTERM');
    expect(await once(server, 'close')).toEqual([0, null]);
    expect(errors).toBe('');
  });

  it('is a command that succeeds all the same', async () => {
    const command = start('cli/account.js', ['list'], 'pipe');
    command.stdout?.destroy();
    expect(await once(command, 'close')).toEqual([0, null]);
  });
});
