// Serves the server and this application with hot reload: `npm run example`. Ctrl-C stops both.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { createServer } from 'vite';

const ROOT = join(import.meta.dirname, '../..');
const { PORT = '4000' } = process.env;
process.env.TANDEM_URL = `http://localhost:${PORT}`;

const codegen = join(ROOT, 'node_modules/.bin/graphql-codegen');
execFileSync(codegen, ['--silent'], { cwd: import.meta.dirname, stdio: ['ignore', 'ignore', 'inherit'] });

const web = await createServer({ configFile: join(import.meta.dirname, 'vite.config.ts') });
await web.listen();
const url = web.resolvedUrls.local[0].replace(/\/$/, '');

// Links in mails lead to the application. Short-lived tokens show refreshes.
const environment = { AUTH_TOKEN_TTL_SECONDS: '60', ...process.env, PORT, PUBLIC_URL: url };
const server = spawn(process.execPath, ['--enable-source-maps', 'dist/bundle/main.mjs'], {
  cwd: ROOT,
  env: environment,
  stdio: 'inherit',
});
// Vite would exit before the server has stopped. Ctrl-C reaches both processes.
process.removeAllListeners('SIGTERM').on('SIGTERM', () => server.kill('SIGTERM'));
process.on('SIGINT', () => undefined);
const stopped = once(server, 'exit');

while (server.exitCode === null && !(await isReady())) await setTimeout(100);
if (server.exitCode === null) process.stdout.write(`\nThe example application is ready: ${url}\n\n`);
const [code] = await stopped;
await web.close();
process.exit(code ?? 1);

function isReady() {
  return fetch(`${process.env.TANDEM_URL}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}
