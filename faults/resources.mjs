import { setTimeout as delay } from 'node:timers/promises';
import { resourceUsage } from './processes.mjs';

/** The pool closes idle connections after ten seconds. */
const IDLE_MS = 12_000;
/** Allowed growth of a process: caches fill, V8 compiles code, and the thread that scores passwords takes up to 140 MB. */
const MOST_GROWTH_MB = 100 + 140;
const MOST_MORE_FILES = 10;

/** Compares the connections, memory and open files of the servers before the faults with those after them. */
export function compareResources({ postgres, servers }) {
  const usage = {};

  async function measure(when) {
    const [row] = await postgres.query(`
      SELECT count(*)::int AS "connections", count(*) FILTER (WHERE state LIKE 'idle in transaction%')::int AS "idle"
      FROM pg_stat_activity WHERE usename = 'tandem'`);
    usage[when] = { ...row, servers: servers.map((server) => ({ pid: server.pid(), ...resourceUsage(server.pid()) })) };
  }

  return {
    usage,
    before: () => measure('before'),
    /** Waits until idle connections are closed, then measures and compares. */
    async after(history) {
      await delay(IDLE_MS);
      await measure('after');
      const { before, after } = usage;
      if (after.idle > 0) history.violation('a transaction was left open', String(after.idle));
      if (after.connections > before.connections) {
        history.violation('connections leaked', `${after.connections} after ${before.connections}`);
      }
      after.servers.forEach(({ megabytes, files }, index) => {
        const grown = megabytes - before.servers[index].megabytes;
        const more = files - before.servers[index].files;
        if (grown > MOST_GROWTH_MB) history.violation('memory leaked', `${servers[index].name}: ${grown} MB`);
        if (more > MOST_MORE_FILES) history.violation('files or sockets leaked', `${servers[index].name}: ${more}`);
      });
    },
  };
}
