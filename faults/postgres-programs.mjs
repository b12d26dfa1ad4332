import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const DEBIAN = '/usr/lib/postgresql';

/** The directory of PostgreSQL's own programs, which are often not in the PATH. */
export function postgresPrograms() {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((one, other) => Number(other) - Number(one)) : [];
  const directories = [...bindir(), ...versions.map((version) => join(DEBIAN, version, 'bin'))];
  const found = directories.find((directory) => existsSync(join(directory, 'initdb')));
  if (!found)
    throw new Error(
      `initdb and postgres not found, neither with pg_config nor in ${DEBIAN}. Install the PostgreSQL server.`,
    );
  return found;
}

/** The user to run PostgreSQL as: it refuses to run as root, which therefore runs it as `postgres` or `nobody`. */
export function unprivilegedUser() {
  if (process.getuid() !== 0) return {};
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const [, , uid, gid] = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody') ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

function bindir() {
  try {
    return [execFileSync('pg_config', ['--bindir'], { encoding: 'utf8' }).trim()];
  } catch {
    return [];
  }
}
