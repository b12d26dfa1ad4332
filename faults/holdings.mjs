import { setTimeout as delay } from 'node:timers/promises';
import { holdings } from './processes.mjs';

/** Connections of a pool that nobody uses are closed after ten seconds. */
const REST_MS = 12_000;
/** What a process may grow by: caches that fill, and compiled code. */
const MOST_GROWTH_MB = 100;
const MOST_MORE_FILES = 10;

/** What the servers hold at two moments of the same rest: before the faults and after them. */
export function compareHoldings({ postgres, servers }) {
  const taken = {};

  async function take(when) {
    const [row] = await postgres.query(`
      SELECT count(*)::int AS "connections", count(*) FILTER (WHERE state LIKE 'idle in transaction%')::int AS "idle"
      FROM pg_stat_activity WHERE usename = 'tandem'`);
    taken[when] = { ...row, servers: servers.map((server) => ({ pid: server.pid(), ...holdings(server.pid()) })) };
  }

  return {
    taken,
    before: () => take('before'),
    /** Waits until nothing is under way any more. */
    async after(ledger) {
      await delay(REST_MS);
      await take('after');
      const { before, after } = taken;
      if (after.idle > 0) ledger.violation('a transaction was left open', String(after.idle));
      if (after.connections > before.connections) {
        ledger.violation('connections leaked', `${after.connections} after ${before.connections}`);
      }
      after.servers.forEach(({ megabytes, files }, index) => {
        const grown = megabytes - before.servers[index].megabytes;
        const more = files - before.servers[index].files;
        if (grown > MOST_GROWTH_MB) ledger.violation('memory leaked', `${servers[index].name}: ${grown} MB`);
        if (more > MOST_MORE_FILES) ledger.violation('files or sockets leaked', `${servers[index].name}: ${more}`);
      });
    },
  };
}
