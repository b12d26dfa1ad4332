import { clientsOfAllWorkers, type ClusterClient } from '../support/cluster-client.js';
import { startCluster, type ClusterProcess } from '../support/cluster-process.js';
import { makeScratch, type Scratch } from '../support/scratch.js';

const WORKERS = 3;
/** All workers reject a session within this time after its logout. */
const KNOWN_WITHIN_MS = 1000;

describe('the workers of a cluster', () => {
  let scratch: Scratch;
  let cluster: ClusterProcess;
  let clients: ClusterClient[];
  beforeAll(async () => {
    scratch = makeScratch();
    cluster = await startCluster(scratch, { CLUSTER_WORKERS: String(WORKERS) });
    clients = await clientsOfAllWorkers(cluster);
  });
  afterAll(async () => {
    for (const client of clients) client.close();
    await cluster.end();
    scratch.remove();
  });

  it('are as many as configured, and all of them serve requests', async () => {
    const serving = await Promise.all(clients.map((client) => client.worker()));
    expect(new Set(serving)).toEqual(new Set(cluster.workers()));
    expect(new Set(serving).size).toBe(WORKERS);
  });

  it('share accounts, keys and sessions', async () => {
    for (const { authToken } of clients) {
      expect(await Promise.all(clients.map((client) => client.read(authToken)))).toEqual(clients.map(() => 200));
    }
  });

  it('reject a session within a second of its revocation on any of them', async () => {
    const [leaving, ...others] = clients;
    const { authToken = '' } = leaving ?? {};
    await leaving?.logOut();
    const endedAtMs = performance.now();
    for (const other of others) {
      while ((await other.read(authToken)) !== 401) expect(performance.now() - endedAtMs).toBeLessThan(KNOWN_WITHIN_MS);
    }
    expect(await Promise.all(others.map((other) => other.read()))).toEqual(others.map(() => 200));
  });
});
