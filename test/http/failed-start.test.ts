import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { migratedDatabase, type TestDatabase } from '../support/databases.js';
import { makeScratch, type Scratch } from '../support/scratch.js';

describe('a process that cannot start', () => {
  let scratch: Scratch;
  let database: TestDatabase;
  let server: ChildProcess | undefined;
  beforeEach(async () => {
    scratch = makeScratch();
    database = await migratedDatabase();
  });
  afterEach(async () => {
    server?.kill('SIGKILL');
    await database.drop();
    scratch.remove();
  });

  it('reports the reason and exits although database connections are open', async () => {
    const occupant = createServer().listen(0, '127.0.0.1');
    await once(occupant, 'listening');
    const { port } = occupant.address() as AddressInfo;
    server = spawn(process.execPath, [resolve('dist/bundle/main.mjs')], {
      cwd: scratch.path,
      env: { NODE_ENV: 'test', HOST: '127.0.0.1', PORT: String(port), DATABASE_URL: database.url },
    });
    let output = '';
    server.stderr?.on('data', (chunk) => (output += String(chunk)));
    expect(await once(server, 'close')).toEqual([1, null]);
    expect(output).toContain('EADDRINUSE');
    occupant.close();
  });
});
