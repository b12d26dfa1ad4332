import { setTimeout as delay } from 'node:timers/promises';

/** The faults of PostgreSQL. Each resolves when the fault has ended; the servers recover later. */
export function databaseFaults(postgres, servers, random) {
  const randomDelay = (least, most) => delay(random.whole(least, most));
  const backends = async (condition = 'true') => {
    const rows = await postgres.query(`SELECT pid FROM pg_stat_activity WHERE usename = 'tandem' AND ${condition}`);
    return rows.map(({ pid }) => pid);
  };
  const lock = async (table) => {
    const holder = await postgres.connect();
    try {
      await holder.query(`BEGIN; LOCK TABLE "${table}" IN ACCESS EXCLUSIVE MODE`);
      await randomDelay(500, 5000);
    } finally {
      await holder.end();
    }
  };
  const cut = () => postgres.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'tandem'`);
  const withSettings = async (settings, least, most) => {
    await postgres.set(settings);
    await randomDelay(least, most);
    await postgres.reset();
  };

  return {
    'kill -9 of PostgreSQL': async () => {
      await postgres.kill();
      await randomDelay(0, 3000);
      await postgres.start();
    },
    'kill -9 of PostgreSQL and a server': async () => {
      await Promise.all([postgres.kill(), servers[0].kill(random.whole(0, 2000))]);
      await postgres.start();
    },
    'restart of PostgreSQL': () => postgres.restart(),
    'SIGSTOP of PostgreSQL': async () => {
      postgres.pause();
      await randomDelay(300, 5000);
      postgres.resume();
    },
    'SIGSTOP of half its backends': async () => {
      const stopped = random.shuffled(await backends()).filter((_, index) => index % 2 === 0);
      for (const pid of stopped) postgres.signal(pid, 'SIGSTOP');
      await randomDelay(300, 5000);
      for (const pid of stopped) postgres.signal(pid, 'SIGCONT');
    },
    'SIGSTOP of its listening backends': async () => {
      const stopped = await backends(`application_name = 'tandem listener'`);
      for (const pid of stopped) postgres.signal(pid, 'SIGSTOP');
      await randomDelay(300, 4000);
      for (const pid of stopped) postgres.signal(pid, 'SIGCONT');
    },
    'all connections cut': cut,
    'sessions locked': () => lock('Session'),
    'accounts locked': () => lock('Account'),
    'posts locked': () => lock('Post'),
    'slow disk': () => withSettings({ commit_delay: 100_000, commit_siblings: 0 }, 1000, 5000),
    'read-only': () => withSettings({ default_transaction_read_only: 'on' }, 500, 4000),
    'connections refused': async () => {
      await postgres.query('ALTER ROLE tandem CONNECTION LIMIT 0');
      await cut();
      await randomDelay(500, 4000);
      await postgres.query('ALTER ROLE tandem CONNECTION LIMIT -1');
    },
  };
}

/**
 * The faults of servers and of the network between them and PostgreSQL. No fault kills the last server, so that its
 * leaks add up over the whole run.
 */
export function serverFaults(servers, random) {
  const randomDelay = (least, most) => delay(random.whole(least, most));
  const killable = () => random.pick(servers.slice(0, -1));
  const onLink = async (change, least, most) => {
    const { link } = random.pick(servers);
    change(link);
    await randomDelay(least, most);
    link.restore();
  };

  return {
    'kill -9 of a server': () => killable().kill(random.whole(0, 2000)),
    'kill -9 of all servers but one': () =>
      Promise.all(servers.slice(0, -1).map((server) => server.kill(random.whole(0, 1000)))),
    'SIGTERM of a server': () => killable().stop(),
    'SIGSTOP of a server': () => random.pick(servers).pause(random.whole(300, 5000)),
    // Clients that do not wait retry on another server. What they sent to this one arrives when its successor was used.
    'SIGSTOP of a server for longer than the grace period': () =>
      random.pick(servers).pause(random.whole(11_000, 14_000)),
    'network silent': () => onLink((link) => link.silence(), 500, 5000),
    'network slow': () => onLink((link) => link.slow(random.whole(50, 400)), 1000, 5000),
    'network cut': () => onLink((link) => link.cut(), 300, 3000),
  };
}
