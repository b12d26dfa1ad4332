import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../../support/program.js';
import { makeScratch, type Scratch } from '../../support/scratch.js';

describe('a DATABASE_URL that names no SQLite database', () => {
  let scratch: Scratch;
  beforeEach(() => {
    scratch = makeScratch();
  });
  afterEach(() => scratch.remove());

  const start = (path: string) =>
    runProgram(scratch.path, 'bundle/main.mjs', { environment: { DATABASE_URL: `file:${path}`, PORT: '0' } });

  it.each<[string, (path: string) => void]>([
    ['a folder', (path) => mkdirSync(path)],
    ['another file', (path) => writeFileSync(path, 'PASSWORD=hunter2\n'.repeat(100))],
  ])('stops the start and leaves %s as it is', async (_what, make) => {
    const path = join(scratch.path, 'other');
    make(path);
    chmodSync(path, 0o755);
    const { exitCode, stdout, stderr } = await start(path);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(path);
    expect(stderr).not.toMatch(/^ +at |hunter2/m);
    expect(statSync(path).mode & 0o777).toBe(0o755);
    if (statSync(path).isFile()) expect(readFileSync(path, 'utf8')).toMatch(/^PASSWORD=/);
  });

  it('stops the start below a file', async () => {
    writeFileSync(join(scratch.path, 'file'), '');
    const { exitCode, stderr } = await start(join(scratch.path, 'file', 'tandem.db'));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('tandem.db');
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it.each(['tandem.db\n', 'tandem.db '])('creates no file for %j', async (name) => {
    const { exitCode, stderr } = await start(name);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('DATABASE_URL')]);
    expect(readdirSync(scratch.path).filter((entry) => entry.startsWith('tandem'))).toEqual([]);
    expect(existsSync(join(scratch.path, 'tandem.db'))).toBe(false);
  });
});
