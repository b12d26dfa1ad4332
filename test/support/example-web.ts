import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

const FOLDER = resolve('examples/web');

export interface ExampleWeb {
  url: string;
  close(): Promise<void>;
}

/** Serves `examples/web` as `npm run example` does, for a server that runs already. */
export async function startExampleWeb(serverUrl: string): Promise<ExampleWeb> {
  const env = { ...process.env, TANDEM_URL: serverUrl, NODE_ENV: 'development', NO_COLOR: '1' };
  await promisify(execFile)(resolve('node_modules/.bin/graphql-codegen'), ['--silent'], { cwd: FOLDER, env });
  const vite = dirname(createRequire(join(FOLDER, 'package.json')).resolve('vite/package.json'));
  const child = spawn(process.execPath, [join(vite, 'bin/vite.js'), '--host', '127.0.0.1', '--port', '0'], {
    cwd: FOLDER,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const url = await new Promise<string>((settle, fail) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
      const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? [];
      if (found) settle(found);
    });
    child.once('exit', () => fail(new Error(`Vite did not start: ${output}`)));
  });
  return {
    url,
    async close() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
