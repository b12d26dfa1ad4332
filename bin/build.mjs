// Builds what is needed to run: the Prisma client, then dist/ and its bundle. With --if-stale, only what is older than its sources.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

process.chdir(join(import.meta.dirname, '..'));
const ifStale = process.argv.includes('--if-stale');
const clientOnly = process.argv.includes('--client-only');
const SCHEMA = 'prisma/schema.prisma';
const CLIENT = 'src/database/generated';
const POSTGRESQL_SCHEMA = join(CLIENT, 'postgresql.prisma');

if (!ifStale || isStale(CLIENT, [SCHEMA, 'bin/build.mjs', 'package-lock.json'])) {
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
  rmSync('dist', { recursive: true, force: true });
  run('typescript/bin/tsc', ['-p', 'tsconfig.build.json']);
  await (await import('./bundle.mjs')).bundle();
  touch('dist');
}

/** One schema cannot name two providers: the models are PostgreSQL's too, and only provider and place differ. */
function postgresqlSchema(schema) {
  return schema
    .replace('provider = "sqlite"', 'provider = "postgresql"')
    .replace('output              = "../src/database/generated"', 'output              = "./postgresql"');
}

/** `prisma generate` never runs the schema engine, but downloads it unless told that there is one. */
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
