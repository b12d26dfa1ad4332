import { chmodSync, chownSync, closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import { OperatorError } from '../../shared/operator-error.js';

/** The absolute path that a `file:` URL names; a relative one starts at the working directory. @throws OperatorError */
export function sqliteFilePath(url: string): string {
  if (url.includes('?')) throw new OperatorError('The database URL file:<path> has no parameters after "?".');
  const path = url.startsWith('file://') ? pathOf(url) : url.slice('file:'.length);
  if (path === '' || path === ':memory:') throw new OperatorError('The database URL must name a file: file:<path>.');
  // better-sqlite3 trims the name, and would open another file than the one whose mode is set below.
  if (path !== path.trim()) throw new OperatorError('The path of the database must not start or end with a space.');
  return resolve(path);
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    throw new OperatorError('The database URL file:// must have an absolute path and no host: file:///<path>.');
  }
}

/**
 * Creates the file and its directory if they are missing, for their owner only. If root creates them, they get the owner
 * of the nearest directory that exists, so that the server's user can write. SQLite gives its journal files the mode and,
 * as root, the owner of the database file.
 * @throws DriverAdapterError
 */
export function createSqliteFile(path: string): void {
  withSqliteFile(path, () => {
    const directory = dirname(path);
    const created = mkdirSync(directory, { recursive: true, mode: 0o700 });
    for (let each = directory; created !== undefined && each.startsWith(created); each = dirname(each)) {
      inheritOwner(each, dirname(created));
    }
    createIfMissing(path);
    if (!statSync(path).isFile()) throw unusableFile(`${path} is not a file`);
  });
}

/** Removes the permissions of group and others from a database. Only for files that are known to be databases. */
export function restrictSqliteFile(path: string): void {
  withSqliteFile(path, () => {
    for (const file of [path, `${path}-wal`, `${path}-shm`]) {
      const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
      if ((mode & 0o077) !== 0) chmodSync(file, 0o600);
    }
  });
}

/** Never opens an existing file: closing it would release this process's locks on it (sqlite.org/howtocorrupt.html §2.2). */
function createIfMissing(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!existsSync(path)) throw error;
    return;
  }
  inheritOwner(path, dirname(path));
}

/** Only root can change the owner of a file. Files of other users belong to the right user already. */
function inheritOwner(path: string, directory: string): void {
  const { uid, gid } = statSync(directory);
  const { uid: creator } = statSync(path);
  if (creator === 0 && uid !== 0) chownSync(path, uid, gid);
}

/** An error of the driver, so that requests fail with 503 if it happens while the server runs. */
export function unusableFile(message: string, originalCode = 'SQLITE_CANTOPEN'): DriverAdapterError {
  return new DriverAdapterError({ kind: 'sqlite', originalCode, originalMessage: message, extendedCode: 0, message });
}

function withSqliteFile<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
    throw unusableFile(
      `this user cannot create or use ${path} (${String(error.code)}). Correct the path, or the owner and mode of the file and its folder`,
    );
  }
}
