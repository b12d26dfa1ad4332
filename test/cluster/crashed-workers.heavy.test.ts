import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientsOfAllWorkers, clusterClient } from '../support/cluster-client.js';
import { startCluster, type ClusterProcess } from '../support/cluster-process.js';
import { makeScratch, type Scratch } from '../support/scratch.js';

const CLIENTS = 6;
/** Starting processes is slow on a busy machine. */
const PATIENCE_MS = 120_000;

describe('a worker that crashes', () => {
  let scratch: Scratch;
  let cluster: ClusterProcess;
  beforeEach(() => {
    scratch = makeScratch();
  });
  afterEach(async () => {
    await cluster.end();
    scratch.remove();
  });

  it(
    'is replaced and fails only the requests that it had in flight',
    async () => {
      cluster = await startCluster(scratch);
      const clients = await clientsOfAllWorkers(cluster, CLIENTS);
      const served = await Promise.all(clients.map((client) => client.worker()));
      const [victim = 0] = served;

      let isOver = false;
      const failures = Promise.all(
        clients.map(async (client) => {
          let failed = 0;
          // The next attempt presents the same token: a lost response logs nobody out.
          while (!isOver) await client.refresh().catch(() => failed++);
          return failed;
        }),
      );
      const load = cluster.logged('request').length;
      await cluster.until(() => cluster.logged('request').length > load + 50);
      cluster.signal('SIGKILL', victim);
      expect(await cluster.untilLogged('cluster.worker_died')).toMatchObject({ worker: victim, signal: 'SIGKILL' });
      const fresh = (await cluster.untilLogged('cluster.worker_started', 3)).worker;
      const newcomers = await clientsOfAllWorkers(cluster);
      expect(cluster.workers()).toContain(fresh);
      isOver = true;
      for (const [index, failed] of (await failures).entries()) {
        expect(failed).toBeLessThanOrEqual(served[index] === victim ? 1 : 0);
      }
      for (const client of [...clients, ...newcomers]) {
        expect(await client.read()).toBe(200);
        client.close();
      }
    },
    PATIENCE_MS,
  );

  it(
    'finishes its requests after an unhandled error and is replaced',
    async () => {
      const fault = join(scratch.path, 'fault.mjs');
      writeFileSync(fault, `process.on('SIGUSR2', () => void Promise.reject(new Error('a fault')));`);
      cluster = await startCluster(scratch, { NODE_OPTIONS: `--import ${fault}` });
      const client = await clusterClient(cluster);
      const victim = await client.worker();
      cluster.signal('SIGUSR2', victim);
      while ((await client.worker()) === victim) expect(await client.read()).toBe(200);
      expect(await cluster.untilLogged('cluster.worker_died')).toMatchObject({ worker: victim, code: 1, signal: null });
      await cluster.untilLogged('cluster.worker_started', 3);
      expect(await client.read()).toBe(200);
      client.close();
    },
    PATIENCE_MS,
  );

  it(
    'is restarted with an increasing backoff until it starts',
    async () => {
      cluster = await startCluster(scratch);
      const environmentFile = join(scratch.path, '.env');
      writeFileSync(environmentFile, 'SESSION_LIMIT=none');
      const [victim = 0, other = 0] = cluster.workers();
      cluster.signal('SIGKILL', victim);
      await cluster.untilLogged('cluster.worker_died', 4);
      expect(cluster.logged('cluster.worker_died').map((line) => line['restartInMs'])).toEqual([0, 500, 1000, 2000]);
      expect(cluster.output()).toContain('SESSION_LIMIT must be a whole number');

      writeFileSync(environmentFile, '');
      const fresh = await cluster.untilLogged('cluster.worker_started', 3);
      expect(cluster.workers()).toEqual([other, fresh.worker]);
    },
    PATIENCE_MS,
  );
});
