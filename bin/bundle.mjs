// Bundles compiled programs with their packages. The bundled server starts in half the time and uses less memory.
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

/** Not bundled: native addons, and packages that are optional or never loaded. */
const EXTERNAL = ['better-sqlite3', '@node-rs/argon2', '@graphql-yoga/render-graphiql', 'class-validator'];

const OPTIONS = {
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  external: EXTERNAL,
  alias: { '@apollo/utils.createhash': join(import.meta.dirname, 'native-hash.mjs') },
  // Bundled CommonJS packages load Node's own modules with require().
  banner: {
    js: "import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);",
  },
  sourcemap: true,
  sourcesContent: false,
  minifyWhitespace: true,
  logLevel: 'error',
};

/**
 * Prisma's query compiler is a base64 string in a module, which stays in memory twice. The bundle reads it from a file of
 * bytes instead. Prisma decodes it with `Buffer.from(wasm, 'base64')`, which returns bytes unchanged.
 */
const wasmInFiles = (outdir) => ({
  name: 'wasm-in-files',
  setup({ onLoad }) {
    onLoad({ filter: /\.wasm-base64\.mjs$/ }, async ({ path }) => {
      const { wasm } = await import(path);
      const name = basename(path, '-base64.mjs');
      mkdirSync(outdir, { recursive: true });
      writeFileSync(join(outdir, name), wasm, 'base64');
      const file = `new URL('./${name}', import.meta.url)`;
      return { contents: `import { readFileSync } from 'node:fs'; export const wasm = readFileSync(${file});` };
    });
  },
});

/** The programs of threads, which src/shared/worker-program.ts finds in the folder bundle/. */
const WORKERS = ['hash-worker.js', 'score-worker.js'].map((name) => join('accounts', 'passwords', name));

/** Bundles the server, the cluster and the workers that tsc wrote into `folder`, into its folder bundle/. */
export async function bundleServer(folder) {
  await bundlePrograms(folder, ['main.js', 'cluster.js', ...WORKERS]);
}

/** Bundles only the workers, which a server that is not bundled needs too. */
export async function bundleWorkers(folder) {
  await bundlePrograms(folder, WORKERS);
}

async function bundlePrograms(folder, names) {
  const outdir = join(folder, 'bundle');
  await build({
    ...OPTIONS,
    entryPoints: names.map((name) => join(folder, name)),
    outdir,
    entryNames: '[name]',
    outExtension: { '.js': '.mjs' },
    plugins: [wasmInFiles(outdir)],
  });
}

/** Bundles these commands of dist/cli into `outdir`. */
export async function bundleCommands(names, outdir) {
  const entryPoints = names.map((name) => join('dist/cli', `${name}.js`));
  await build({ ...OPTIONS, entryPoints, outdir, plugins: [wasmInFiles(outdir)] });
}
