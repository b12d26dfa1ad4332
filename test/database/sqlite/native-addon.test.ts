import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { runProgram } from '../../support/program.js';
import { makeScratch, type Scratch } from '../../support/scratch.js';

/** The package for this version of Node (drivers/better-sqlite3), and where its addon is looked for first. */
const PACKAGE = `node_modules/better-sqlite3-${Number(process.versions['napi']) >= 10 ? 13 : 12}`;
const ADDON = join(PACKAGE, 'build/Release/better_sqlite3.node');

describe('an installation for another platform or version of Node', () => {
  let scratch: Scratch;
  beforeEach(() => {
    scratch = makeScratch();
    for (const path of ['dist/bundle', 'node_modules/better-sqlite3', `${PACKAGE}/lib`, `${PACKAGE}/package.json`]) {
      cpSync(path, join(scratch.path, path), { recursive: true, dereference: true });
    }
    for (const path of ['prisma', 'node_modules/@node-rs', 'node_modules/bindings', 'node_modules/file-uri-to-path']) {
      symlinkSync(resolve(path), join(scratch.path, path));
    }
    mkdirSync(join(scratch.path, ADDON, '..'), { recursive: true });
    writeFileSync(join(scratch.path, ADDON), 'compiled for another platform');
  });
  afterEach(() => scratch.remove());

  it.each<[string, () => void]>([
    ['an addon that Node cannot load', () => undefined],
    ['no addon', () => rmSync(join(scratch.path, ADDON))],
    ['no package', () => rmSync(join(scratch.path, PACKAGE), { recursive: true })],
  ])('stops the start and says what to do: %s', async (_what, change) => {
    change();
    const program = join(scratch.path, 'dist/bundle/main.mjs');
    const { exitCode, stderr } = await runProgram(scratch.path, program, { environment: { PORT: '0' } });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('npm ci');
    expect(stderr).not.toMatch(/^ +at /m);
  });
});
