import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import process from 'node:process';
import { makeScratch, type Scratch } from '../support/scratch.js';

describe('npm run release', () => {
  let scratch: Scratch;
  beforeEach(() => {
    scratch = makeScratch();
  });
  afterEach(() => scratch.remove());

  it.each(['--help', '-h', 'one two'])('writes nothing and prints its usage for the arguments: %s', (line) => {
    const args = [resolve('bin/release.mjs'), ...line.split(' ')];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: scratch.path, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('Usage: npm run release') });
  });
});
