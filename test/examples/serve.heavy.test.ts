import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { servePages } from '../support/page-server.js';
import { makeScratch } from '../support/scratch.js';
import { SIGN_UP } from '../support/sign-up.js';
import { until } from '../support/until.js';

describe('npm run example', () => {
  it('serves the application, the API of the same origin and mails that link to it, until SIGTERM', async () => {
    const scratch = makeScratch();
    const outbox = join(scratch.path, 'outbox');
    const child = spawn(process.execPath, ['examples/web/serve.mjs'], {
      env: {
        PATH: process.env['PATH'],
        PORT: await freePort(),
        DATABASE_URL: scratch.url,
        KEY_RING_FILE: join(scratch.path, 'key-ring.json'),
        MAIL_FOLDER: outbox,
      },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
    const exited = once(child, 'exit');
    try {
      const ready = /The example application is ready: (http:\S+)/;
      await Promise.race([
        until(() => ready.test(output), 60_000),
        exited.then(() => Promise.reject(new Error(output))),
      ]);
      const url = ready.exec(output)?.[1] ?? '';
      expect(await (await fetch(`${url}/posts/new`)).text()).toContain('/src/main.tsx');
      const input = { email: 'lin@example.com', password: 'seven otters in a teapot', displayName: 'Lin' };
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: SIGN_UP, variables: { input } }),
      });
      expect(response.status).toBe(200);
      await until(() => output.includes(`${url}/account/verify#token=`));
      const [mail = ''] = readdirSync(outbox);
      expect(readFileSync(join(outbox, mail), 'utf8')).toContain('lin@example.com');
    } finally {
      child.kill('SIGTERM');
      expect((await exited)[0]).toBe(0);
      scratch.remove();
    }
  }, 120_000);
});

async function freePort(): Promise<string> {
  const server = await servePages();
  const { port } = new URL(server.originOf('localhost'));
  await server.close();
  return port;
}
