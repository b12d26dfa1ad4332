import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clusterClient, type ClusterClient } from '../support/cluster-client.js';
import { startCluster, type ClusterProcess } from '../support/cluster-process.js';
import { makeScratch, type Scratch } from '../support/scratch.js';

const CLIENTS = 8;
/** Starting processes is slow on a busy machine. */
const PATIENCE_MS = 120_000;

describe('a cluster that receives SIGHUP', () => {
  let scratch: Scratch;
  let cluster: ClusterProcess;
  let clients: ClusterClient[];
  beforeEach(async () => {
    scratch = makeScratch();
    cluster = await startCluster(scratch);
    clients = await Promise.all(Array.from({ length: CLIENTS }, () => clusterClient(cluster)));
  });
  afterEach(async () => {
    for (const client of clients) client.close();
    await cluster.end();
    scratch.remove();
  });

  it(
    'replaces every worker without a failed request',
    async () => {
      const before = cluster.workers();
      let isOver = false;
      const refreshing = Promise.all(
        clients.map(async (client) => {
          let refreshes = 0;
          for (; !isOver; refreshes++) await client.refresh();
          return refreshes;
        }),
      );
      cluster.signal('SIGHUP');
      await Promise.race([cluster.untilLogged('cluster.reloaded'), refreshing]); // `refreshing` ends first only if it fails
      isOver = true;
      expect(Math.min(...(await refreshing))).toBeGreaterThan(10);
      const after = cluster.workers();
      expect(after).toHaveLength(2);
      expect(after.filter((worker) => before.includes(worker))).toEqual([]);
      for (const client of clients) expect(after).toContain(await client.worker());
      expect(cluster.logged('cluster.worker_died')).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'stays ready',
    async () => {
      let isOver = false;
      const asking = (async () => {
        const statuses = new Set<number>();
        while (!isOver) statuses.add((await fetch(new URL('/readyz', cluster.url()))).status);
        return statuses;
      })();
      cluster.signal('SIGHUP');
      await cluster.untilLogged('cluster.reloaded');
      isOver = true;
      expect(await asking).toEqual(new Set([200]));
    },
    PATIENCE_MS,
  );

  it(
    'reads .env again',
    async () => {
      writeFileSync(join(scratch.path, '.env'), 'AUTH_TOKEN_AUDIENCE=somebody-else');
      cluster.signal('SIGHUP');
      await cluster.untilLogged('cluster.reloaded');
      const [client] = clients;
      await client?.refresh();
      const payload = Buffer.from(client?.authToken.split('.')[1] ?? '', 'base64url').toString();
      expect(JSON.parse(payload)).toMatchObject({ aud: 'somebody-else' });
    },
    PATIENCE_MS,
  );

  it(
    'keeps its workers when a new one cannot start',
    async () => {
      const before = cluster.workers();
      writeFileSync(join(scratch.path, '.env'), 'SESSION_LIMIT=none');
      cluster.signal('SIGHUP');
      await cluster.untilLogged('cluster.reload_refused');
      expect(cluster.workers()).toEqual(before);
      for (const client of clients) await client.refresh();
    },
    PATIENCE_MS,
  );
});
