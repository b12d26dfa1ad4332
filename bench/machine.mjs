import { existsSync, readFileSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';

const PACKAGES = [
  '@apollo/server',
  'graphql',
  'type-graphql',
  '@prisma/client',
  'better-sqlite3',
  'fastify',
  'mercurius',
];

/** The date, the machine and the versions of a measurement. */
export function machine({ apart, quick }) {
  const versions = PACKAGES.map((name) => {
    const { version } = JSON.parse(readFileSync(`node_modules/${folderOf(name)}/package.json`, 'utf8'));
    return [name, version];
  });
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: cpus()[0]?.model.trim(),
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    versions: { node: process.versions.node, ...Object.fromEntries(versions) },
    /** Whether servers and load ran on separate cores. */
    apart,
    quick,
  };
}

/** npm installs version 13 of better-sqlite3 only where drivers/better-sqlite3 chooses it. */
function folderOf(name) {
  if (name !== 'better-sqlite3') return name;
  return existsSync('node_modules/better-sqlite3-13') ? 'better-sqlite3-13' : 'better-sqlite3-12';
}
