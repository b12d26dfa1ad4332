import { readFileSync, statSync } from 'node:fs';
import type { KeyRing } from './key-ring.js';
import { KeyRingError, parseKeyRing } from './key-ring-jwks.js';
import { KEYS_INIT } from './key-ring-kinds.js';

const ROOT = 0;

/** Reads a ring. Changes and creates nothing. @throws KeyRingError */
export function readKeyRingFile(file: string): KeyRing {
  return parseKeyRing(readKeyRingText(file), file);
}

export function readKeyRingText(file: string): string {
  return withKeyRingFile(file, () => {
    // Reading a named pipe would block the process until somebody writes to it.
    if (!statSync(file).isFile())
      throw new KeyRingError(`The key ring ${file} is not a file. Set KEY_RING_FILE to one.`);
    return readFileSync(file, 'utf8');
  });
}

export function keyRingFileExists(file: string): boolean {
  return withKeyRingFile(file, () => statSync(file, { throwIfNoEntry: false }) !== undefined);
}

/**
 * The group may read a file that root owns, because then no member of the group can replace it. PostgreSQL has the same
 * rule for the file of its private key (postgresql.org/docs/current/ssl-tcp.html).
 * @throws KeyRingError if more users than that can read or write the file
 */
export function requirePrivateFile(file: string): void {
  const stat = withKeyRingFile(file, () => statSync(file));
  const forbidden = stat.uid === ROOT ? 0o037 : 0o077;
  if (!stat.isFile() || (stat.mode & forbidden) === 0) return;
  throw new KeyRingError(
    `The key ring ${file} must be private to its owner. Run: chmod 600 ${file} (if root owns the file, 640 is possible too: the server then reads it as a member of its group)`,
  );
}

/**
 * Runs `work` on the file of a key ring.
 * @throws KeyRingError that names the file, if the file system reports an error
 */
export function withKeyRingFile<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
    const code = String(error.code);
    throw new KeyRingError(`The key ring ${file} cannot be used: ${EXPLANATIONS[code] ?? 'see the code'} (${code}).`);
  }
}

const EXPLANATIONS: Record<string, string> = {
  ENOENT: `it does not exist. Create one with: ${KEYS_INIT}`,
  EACCES: 'this user has no permission for the file or its folder. Run as its owner, or change its owner or mode',
  EPERM: 'this user has no permission for the file or its folder. Run as its owner, or change its owner or mode',
  EROFS: 'it is on a read-only file system. Change the ring where it is written',
  EISDIR: 'it is a folder. Set KEY_RING_FILE to a file',
  ENOTDIR: 'a part of its path is not a folder. Correct KEY_RING_FILE',
  EEXIST: 'a part of its path is not a folder. Correct KEY_RING_FILE',
  ELOOP: 'its symbolic links form a loop. Correct KEY_RING_FILE',
  ENAMETOOLONG: 'its path is too long. Correct KEY_RING_FILE',
  ENOSPC: 'the disk is full. The ring is unchanged',
};
