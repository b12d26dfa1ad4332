// Writes the next migration. Compiles its sources in tools/ at each run, because no server needs them in dist/.
import { join } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';

process.chdir(join(import.meta.dirname, '..'));
const outfile = join(process.cwd(), 'dist/tools/migration.mjs');
await build({
  entryPoints: ['tools/migrations/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'error',
});
const { main } = await import(outfile);
process.exitCode = await main(process.argv.slice(2));
