// Writes release/, or the folder of the argument: only what production needs. A release runs without npm and without a
// compiler, on the operating system, processor architecture and major version of Node that it was built with.
import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundleCommands } from './bundle.mjs';

const [given, ...others] = process.argv.slice(2);
if (others.length > 0 || given?.startsWith('-')) {
  process.stderr.write('Usage: npm run release [-- <a folder that does not exist yet>]\n');
  process.exit(1);
}
const target = resolve(given ?? join(import.meta.dirname, '../release'));
process.chdir(join(import.meta.dirname, '..'));
if (given !== undefined && existsSync(target)) {
  process.stderr.write(`${target} exists already. Name a folder that does not exist.\n`);
  process.exit(1);
}
/** The folder that becomes the target once it is complete. */
const unfinished = `${target}.unfinished`;

const COMMANDS = ['account', 'audit', 'keys', 'mail', 'migrate'];
const COPIED = [
  'dist/bundle',
  'prisma/migrations',
  'templates',
  'docs',
  'deploy/tandem.service',
  'CHANGELOG.md',
  'LICENSE',
];
/** The packages that no bundle can contain, if they are installed, and the files of them that are loaded. */
const PACKAGES = {
  'better-sqlite3': ['package.json', 'index.js'],
  'better-sqlite3-12': ['package.json', 'LICENSE', 'lib', 'build/Release/better_sqlite3.node'],
  'better-sqlite3-13': ['package.json', 'LICENSE', 'lib', ...prebuilt()],
  bindings: ['.'],
  'file-uri-to-path': ['.'],
  '@node-rs/argon2': ['.'],
};

rmSync(unfinished, { recursive: true, force: true });
for (const path of COPIED) copy(path);
await bundleCommands(COMMANDS, join(unfinished, 'dist/cli'));
for (const [name, paths] of Object.entries(PACKAGES)) copyPackage(name, paths);
// The native addon of argon2 is the package that npm chose for this machine.
for (const name of Object.keys(manifest('node_modules/@node-rs/argon2').optionalDependencies)) copyPackage(name, ['.']);
const { version, type, engines } = manifest('.');
writeFileSync(
  join(unfinished, 'package.json'),
  `${JSON.stringify({ version, private: true, type, engines }, null, 2)}\n`,
);
rmSync(target, { recursive: true, force: true });
renameSync(unfinished, target);

function copyPackage(name, paths) {
  for (const path of paths) {
    const file = join('node_modules', name, path);
    if (existsSync(file)) copy(file);
  }
}

/** The addons of better-sqlite3 13 for this platform: for glibc and for musl. */
function prebuilt() {
  return ['', 'musl'].map((libc) => `prebuilds/${process.platform}${libc}-${process.arch}.node`);
}

function copy(path) {
  cpSync(path, join(unfinished, path), { recursive: true, dereference: true });
}

function manifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
