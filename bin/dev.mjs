// Runs the server and restarts it after every change. tsc compiles, because esbuild and tsx do not emit the decorator
// metadata that type-graphql reads. `node --watch` restarts the server. Ctrl-C stops both.
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { bundleWorkers } from './bundle.mjs';

process.chdir(join(import.meta.dirname, '..'));
execFileSync(process.execPath, ['bin/build.mjs', '--if-stale', '--client-only'], { stdio: 'inherit' });

const children = new Set();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => end());

const tsc = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'];
const compiler = start(tsc, { stdio: ['ignore', 'pipe', 'inherit'] });
compiler.stdout.pipe(process.stdout);

let output = '';
compiler.stdout.on('data', async function untilCompiled(chunk) {
  output = (output + chunk).slice(-200);
  if (!output.includes('Found 0 errors')) return;
  compiler.stdout.off('data', untilCompiled);
  await bundleWorkers('dist');
  start(['--watch', '--watch-preserve-output', '--enable-source-maps', 'dist/main.js'], { stdio: 'inherit' });
});

function start(args, options) {
  const child = spawn(process.execPath, args, options);
  children.add(child);
  // If one of them exits, the other stops too.
  child.on('exit', (code) => {
    children.delete(child);
    end(code ?? 0);
  });
  return child;
}

function end(code = 0) {
  process.exitCode ??= code;
  for (const child of children) child.kill('SIGTERM');
}
