// How many bytes an application downloads for the core of @tandem/client.
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

export const CORE_LIMIT = 3000;

/** What `import { createTandemClient } from '@tandem/client'` adds to a bundle, minified and gzipped: all it needs in a browser. */
export async function coreSize() {
  const { outputFiles } = await build({
    stdin: {
      contents: "export { createTandemClient } from './client/src/index.ts';",
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
