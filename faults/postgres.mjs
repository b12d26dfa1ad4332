import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { postgresPrograms, unprivilegedUser } from './postgres-programs.mjs';
import { childrenOf, signal } from './processes.mjs';

const READY_WITHIN_MS = 60_000;
/** Durable as in production, and reachable only through a socket in its own directory. */
const SETTINGS = { listen_addresses: '', fsync: 'on', synchronous_commit: 'on', max_connections: '60' };

/** Starts a separate PostgreSQL server with an empty database `tandem`, whose owner is not a superuser. */
export async function startPostgres(directory) {
  const owner = unprivilegedUser();
  const home = join(directory, 'postgres');
  const data = join(home, 'data');
  mkdirSync(home, { mode: 0o700 });
  if (owner.uid !== undefined) {
    chownSync(directory, owner.uid, owner.gid);
    chownSync(home, owner.uid, owner.gid);
  }
  const programs = postgresPrograms();
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C'];
  execFileSync(join(programs, 'initdb'), initdb, { ...owner, cwd: home, stdio: ['ignore', 'ignore', 'inherit'] });
  const log = openSync(join(directory, 'postgres.log'), 'a');
  let server;

  async function start() {
    const settings = Object.entries({ ...SETTINGS, unix_socket_directories: home });
    const args = ['-D', data, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
    server = spawn(join(programs, 'postgres'), args, { ...owner, cwd: home, stdio: ['ignore', log, log] });
    const until = performance.now() + READY_WITHIN_MS;
    while (!(await isReady())) {
      if (performance.now() > until) throw new Error('PostgreSQL did not become ready: see postgres.log');
      await delay(50);
    }
  }

  async function isReady() {
    try {
      await query('SELECT 1', 'postgres');
      return true;
    } catch {
      return false;
    }
  }

  /** A direct connection as superuser, which no fault affects. */
  async function connect(database = 'tandem') {
    const options = '-c default_transaction_read_only=off';
    const client = new pg.Client({ host: home, user: 'postgres', database, options, connectionTimeoutMillis: 5000 });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  async function query(text, database) {
    const client = await connect(database);
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }

  await start();
  await query('CREATE ROLE tandem LOGIN', 'postgres');
  await query('CREATE DATABASE tandem OWNER tandem', 'postgres');

  return {
    socket: join(home, '.s.PGSQL.5432'),
    start,
    connect,
    query,
    /** Kills all processes at once, as a power failure does, so that none writes anything afterwards. */
    async kill() {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const gone = new Promise((resolve) => server.once('exit', resolve));
      signal([server.pid], 'SIGSTOP'); // otherwise it starts new ones meanwhile
      const all = [...childrenOf(server.pid), server.pid];
      signal(all, 'SIGKILL');
      await gone;
      while (all.some((pid) => existsSync(`/proc/${pid}`) && !isZombie(pid))) await delay(10);
    },
    /** SIGINT, a fast shutdown: PostgreSQL rolls back transactions and closes connections. */
    async restart() {
      const gone = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGINT');
      await gone;
      await start();
    },
    pause: () => signal([server.pid, ...childrenOf(server.pid)], 'SIGSTOP'),
    resume: () => signal([server.pid, ...childrenOf(server.pid)], 'SIGCONT'),
    /** Signals one backend by its process id. */
    signal: (pid, name) => signal([pid], name),
    /** Applies settings until `reset`. Connections of `connect` are not affected. */
    async set(settings) {
      for (const [name, value] of Object.entries(settings)) await query(`ALTER SYSTEM SET ${name} = ${value}`);
      await query('SELECT pg_reload_conf()');
    },
    async reset() {
      await query('ALTER SYSTEM RESET ALL');
      await query('SELECT pg_reload_conf()');
    },
  };
}

function isZombie(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ');
  } catch {
    return true;
  }
}
