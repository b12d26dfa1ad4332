import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { makeScratch, type Scratch } from '../support/scratch.js';
import { half, refused, slowRequest } from '../support/slow-request.js';

describe('a process that receives SIGTERM', () => {
  let scratch: Scratch;
  let server: ChildProcess;
  let exited: Promise<number | null>;
  let url: URL;
  beforeEach(async () => {
    scratch = makeScratch();
    server = spawn(process.execPath, [resolve('dist/bundle/main.mjs')], {
      cwd: scratch.path,
      env: {
        NODE_ENV: 'test',
        PORT: '0',
        HOST: '127.0.0.1',
        DATABASE_URL: scratch.url,
        LOG_LEVEL: 'info',
        SHUTDOWN_GRACE_SECONDS: '600',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    exited = new Promise((settle) => server.once('exit', settle));
    url = await listening(server);
  });
  afterEach(() => {
    server.kill('SIGKILL');
    scratch.remove();
  });

  it('finishes the request in flight, accepts no new connection and exits with 0', async () => {
    const inFlight = await slowRequest(url);
    server.kill('SIGTERM');
    await refused(url);
    expect(await inFlight.finish()).toMatch(/^HTTP\/1\.1 200 [^]*"__typename":"Query"/);
    expect(await exited).toBe(0);
  });

  it('serves a request that arrives on an open connection, and closes the connection', async () => {
    const onItsWay = await half(url);
    server.kill('SIGTERM');
    await refused(url);
    expect(await onItsWay.finish()).toMatch(/^HTTP\/1\.1 200 [^]*connection: close[^]*"__typename":"Query"/i);
    expect(await exited).toBe(0);
  });

  it('logs when it begins and ends to shut down', async () => {
    let log = '';
    server.stdout?.on('data', (chunk) => (log += String(chunk))).resume();
    const closed = new Promise((settle) => server.once('close', settle));
    expect((await fetch(new URL('/healthz', url))).status).toBe(200);
    server.kill('SIGTERM');
    expect(await exited).toBe(0);
    await closed;
    expect([...log.matchAll(/"event":"(stop[^"]*)"/g)].map(([, event]) => event)).toEqual(['stopping', 'stopped']);
  });

  it('closes idle connections', async () => {
    expect((await fetch(new URL('/healthz', url))).status).toBe(200); // its connection is kept alive
    server.kill('SIGTERM');
    expect(await exited).toBe(0);
  });
});

/** The address that the process logs once it listens. */
async function listening(server: ChildProcess): Promise<URL> {
  let output = '';
  for await (const chunk of server.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    output += String(chunk);
    const [, address] = /"address":"([^"]+)"/.exec(output) ?? [];
    if (address) {
      server.stdout?.resume();
      return new URL(address);
    }
  }
  throw new Error(`The server did not start: ${output}`);
}
