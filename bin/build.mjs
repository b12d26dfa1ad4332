// Builds the Prisma client, dist/ and its bundle, and client/dist/. With --if-stale, builds only what is older than its sources.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

process.chdir(join(import.meta.dirname, '..'));
const ifStale = process.argv.includes('--if-stale');
const clientOnly = process.argv.includes('--client-only');
const SCHEMA = 'prisma/schema.prisma';
const CLIENT = 'src/database/generated';
const POSTGRESQL_SCHEMA = join(CLIENT, 'postgresql.prisma');
/** The folder that becomes dist/ once it is complete. A failed build leaves dist/ as it was. */
const UNFINISHED = '.dist-build';

// A production installation has no compiler, so changed file times must not cause a build.
if (ifStale && existsSync('dist/.built') && !existsSync('node_modules/typescript')) process.exit(0);
if (!existsSync('node_modules/typescript')) {
  process.stderr.write(
    'The compiler is missing. Run `npm ci` with the development dependencies, then `npm run build`.\n',
  );
  process.exit(1);
}

if (!ifStale || isStale(CLIENT, [SCHEMA, 'bin/build.mjs', 'package-lock.json'])) {
  process.stderr.write('Generating the database client (once, and after changes of prisma/schema.prisma) …\n');
  rmSync(CLIENT, { recursive: true, force: true });
  generateClient(SCHEMA);
  writeFileSync(POSTGRESQL_SCHEMA, postgresqlSchema(readFileSync(SCHEMA, 'utf8')));
  generateClient(POSTGRESQL_SCHEMA);
  touch(CLIENT);
}
if (
  !clientOnly &&
  (!ifStale || isStale('dist', ['src', 'bin', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json']))
) {
  process.stderr.write('Compiling src/ to dist/ (once, and after changes) …\n');
  rmSync(UNFINISHED, { recursive: true, force: true });
  run('typescript/bin/tsc', ['-p', 'tsconfig.build.json', '--outDir', UNFINISHED]);
  await (await import('./bundle.mjs')).bundleServer(UNFINISHED);
  touch(UNFINISHED);
  rmSync('dist', { recursive: true, force: true });
  renameSync(UNFINISHED, 'dist');
}

if (!clientOnly && (!ifStale || isStale('client/dist', ['client/src', 'client/tsconfig.json', 'package-lock.json']))) {
  process.stderr.write('Compiling client/src/ to client/dist/ (once, and after changes) …\n');
  rmSync(UNFINISHED, { recursive: true, force: true });
  run('typescript/bin/tsc', ['-p', 'client/tsconfig.json', '--outDir', UNFINISHED]);
  touch(UNFINISHED);
  rmSync('client/dist', { recursive: true, force: true });
  renameSync(UNFINISHED, 'client/dist');
  const { CORE_LIMIT, sizeOf } = await import('./client-size.mjs');
  const [core, browser] = [await sizeOf('createTandemClient'), await sizeOf('createTandemClient, indexedDbTokenStore')];
  const limit = `at most ${CORE_LIMIT}; with indexedDbTokenStore ${browser}`;
  process.stderr.write(`@tandem/client: ${core} bytes minified and gzipped (${limit})\n`);
}

/** A Prisma schema names one provider. PostgreSQL's schema has the same models, and another provider and output folder. */
function postgresqlSchema(schema) {
  return schema
    .replace('provider = "sqlite"', 'provider = "postgresql"')
    .replace('output              = "../src/database/generated"', 'output              = "./postgresql"');
}

/** `prisma generate` does not run the schema engine, but downloads it unless this variable names one. */
function generateClient(schema) {
  run('prisma/build/index.js', ['generate', '--schema', schema], {
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
  });
}

/** A target is stale when any file below its sources is newer than its stamp. */
function isStale(target, sources) {
  const stamp = join(target, '.built');
  return !existsSync(stamp) || Math.max(...sources.map(newest)) > statSync(stamp).mtimeMs;
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(
    0,
    ...readdirSync(path)
      .filter((name) => !name.startsWith('.'))
      .map((name) => newest(join(path, name))),
  );
}

function touch(target) {
  writeFileSync(join(target, '.built'), '');
  utimesSync(join(target, '.built'), new Date(), new Date());
}

function run(script, args, env = {}) {
  try {
    execFileSync(process.execPath, [join('node_modules', script), ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    process.stderr.write(`${error.stdout}${error.stderr}`);
    process.exit(1);
  }
}
