// How many bytes an application downloads for @tandem/client.
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** The limit of createTandemClient without a store. */
export const CORE_LIMIT = 3000;

/** What `import { <names> } from '@tandem/client'` adds to a bundle, minified and gzipped. */
export async function sizeOf(names) {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { ${names} } from './client/src/index.ts';`,
      resolveDir: join(import.meta.dirname, '..'),
    },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'error',
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}
