import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { makeScratch, type Scratch } from '../support/scratch.js';

describe('building what is stale', () => {
  let scratch: Scratch;
  beforeEach(() => {
    scratch = makeScratch();
    cpSync('bin', join(scratch.path, 'bin'), { recursive: true });
    for (const path of ['dist/main.js', 'dist/.built', 'src/main.ts', 'tsconfig.json', 'tsconfig.build.json']) {
      write(path, 'old');
    }
    write('prisma/schema.prisma', '');
    write('package-lock.json', '{}'); // newer than dist, as after `npm prune --omit=dev`
    utimesSync(join(scratch.path, 'dist/.built'), 1, 1);
    write('src/database/generated/.built', '');
    const later = Date.now() / 1000 + 60;
    utimesSync(join(scratch.path, 'src/database/generated/.built'), later, later);
  });
  afterEach(() => scratch.remove());

  function write(path: string, text: string): void {
    mkdirSync(join(scratch.path, dirname(path)), { recursive: true });
    writeFileSync(join(scratch.path, path), text);
  }

  const build = (...args: string[]) =>
    new Promise<{ code: number; stderr: string }>((settle) => {
      const child = execFile(process.execPath, [join(scratch.path, 'bin/build.mjs'), ...args], (_error, _out, stderr) =>
        settle({ code: child.exitCode ?? -1, stderr }),
      );
    });

  it('keeps dist/ when the development dependencies were pruned', async () => {
    expect(await build('--if-stale')).toEqual({ code: 0, stderr: '' });
    expect(readFileSync(join(scratch.path, 'dist/main.js'), 'utf8')).toBe('old');
  });

  it('says what is missing when it is told to build without a compiler', async () => {
    expect(await build()).toMatchObject({ code: 1, stderr: expect.stringContaining('npm ci') });
    expect(existsSync(join(scratch.path, 'dist/main.js'))).toBe(true);
  });

  it('keeps dist/ when the compiler fails', async () => {
    write('node_modules/typescript/bin/tsc', 'process.exit(1);');
    expect(await build('--if-stale')).toMatchObject({ code: 1 });
    expect(readFileSync(join(scratch.path, 'dist/main.js'), 'utf8')).toBe('old');
  });
});
