import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const IN_MEMORY = '/dev/shm';
const ROOM_BYTES = 256 * 1024 * 1024;

/**
 * Creates the directory in which the tests of this run create theirs. It is in memory if there is room, because a
 * database waits for the disk at every commit.
 */
export function makeRunDirectory() {
  const path = mkdtempSync(join(hasRoom() ? IN_MEMORY : tmpdir(), 'tandem-tests-'));
  process.env.TMPDIR = path;
  process.once('exit', removeRunDirectory);
  return path;
}

export function removeRunDirectory() {
  rmSync(process.env.TMPDIR, { recursive: true, force: true });
}

function hasRoom() {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return bavail * bsize > ROOM_BYTES;
  } catch {
    return false;
  }
}
