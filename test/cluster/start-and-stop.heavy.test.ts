import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { clusterClient } from '../support/cluster-client.js';
import { spawnCluster, startCluster, type ClusterProcess } from '../support/cluster-process.js';
import { PRODUCTION } from '../support/harness.js';
import { makeScratch, type Scratch } from '../support/scratch.js';
import { refused, slowRequest } from '../support/slow-request.js';

describe('a cluster', () => {
  let scratch: Scratch;
  let cluster: ClusterProcess;
  beforeEach(() => {
    scratch = makeScratch();
  });
  afterEach(async () => {
    await cluster.end();
    scratch.remove();
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('finishes the requests in flight on %s and exits with 0', async (signal) => {
    cluster = await startCluster(scratch, { SHUTDOWN_GRACE_SECONDS: '600' });
    const idle = await clusterClient(cluster);
    const inFlight = await Promise.all([slowRequest(cluster.url()), slowRequest(cluster.url())]);
    const url = cluster.url();
    // Signals all processes, as a terminal or a service manager does.
    for (const pid of [...cluster.workers(), cluster.pid]) cluster.signal(signal, pid);
    await refused(url);
    const answers = await Promise.all(inFlight.map((request) => request.finish()));
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*"__typename":"Query"/);
    expect(await cluster.exitCode).toBe(0);
    expect(cluster.logged('cluster.worker_died')).toEqual([]);
    idle.close();
  });

  it('exits at once on a second signal', async () => {
    cluster = await startCluster(scratch, { SHUTDOWN_GRACE_SECONDS: '600' });
    await slowRequest(cluster.url());
    const abort = new AbortController();
    void cluster.exitCode.then(() => abort.abort());
    while (!abort.signal.aborted) {
      cluster.signal('SIGTERM');
      await setTimeout(100, undefined, { signal: abort.signal }).catch(() => undefined);
    }
    expect(await cluster.exitCode).toBe(1);
  });

  it('stops at once during its start', async () => {
    cluster = spawnCluster(scratch);
    await cluster.until(() => cluster.output().includes('Server listening'));
    cluster.signal('SIGTERM');
    expect(await cluster.exitCode).toBe(0);
  });

  it('survives SIGHUP during its start, and reloads after it', async () => {
    cluster = spawnCluster(scratch);
    await cluster.until(() => cluster.output().includes('Server listening'));
    expect(cluster.logged('cluster.started')).toEqual([]);
    cluster.signal('SIGHUP');
    await cluster.untilLogged('cluster.reloaded');
    expect(cluster.workers()).toHaveLength(2);
  });

  it('reports once that the port is in use and exits with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    cluster = spawnCluster(scratch, { PORT: String((other.address() as AddressInfo).port) });
    expect(await cluster.exitCode).toBe(1);
    expect(cluster.output()).toMatch(/^bind EADDRINUSE [\d.:]+\nNo worker could start\.$/m);
    expect(cluster.output()).not.toContain('    at ');
    other.close();
  });

  it('starts no worker when a setting is invalid or production lacks a key ring', async () => {
    cluster = spawnCluster(scratch, { CLUSTER_WORKERS: '0' });
    expect(await cluster.exitCode).toBe(1);
    expect(cluster.output()).toMatch(/^The environment is not usable:\n {2}- CLUSTER_WORKERS .*\n$/);
    cluster = spawnCluster(scratch, PRODUCTION);
    expect(await cluster.exitCode).toBe(1);
    expect(cluster.output()).toMatch(/^There is no key ring at .*$/m);
    expect(cluster.output()).toMatch(/\nNo worker could start\.\n$/);
  });
});
