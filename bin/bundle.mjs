// Joins dist/main.js, dist/cluster.js and the packages they use into a few files: the server starts in half the time and in less memory.
import { join } from 'node:path';
import { build } from 'esbuild';

/** Stay where they are: native addons, WebAssembly read from its package, and what is optional or never loaded. */
const EXTERNAL = [
  'better-sqlite3',
  '@node-rs/argon2',
  '@prisma/schema-engine-wasm',
  '@graphql-yoga/render-graphiql',
  'class-validator',
];

export async function bundle() {
  await build({
    entryPoints: ['dist/main.js', 'dist/cluster.js'],
    outdir: 'dist/bundle', // as deep as dist/database, from where the migrations are found
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: EXTERNAL,
    alias: { '@apollo/utils.createhash': join(import.meta.dirname, 'native-hash.mjs') },
    // Bundled CommonJS packages still ask for Node's own modules by require().
    banner: {
      js: "import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);",
    },
    sourcemap: true,
    sourcesContent: false,
    minifyWhitespace: true,
    logLevel: 'error',
  });
}
