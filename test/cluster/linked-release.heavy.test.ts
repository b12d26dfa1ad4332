import { appendFileSync, cpSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { spawnCluster, type ClusterProcess } from '../support/cluster-process.js';
import { makeScratch, type Scratch } from '../support/scratch.js';

describe('a cluster that is started through a symbolic link to its release', () => {
  let scratch: Scratch;
  let cluster: ClusterProcess;
  beforeEach(() => {
    scratch = makeScratch();
  });
  afterEach(async () => {
    await cluster.end();
    scratch.remove();
  });

  /** A release whose workers print its name. */
  function release(name: string): string {
    const path = join(scratch.path, name);
    mkdirSync(join(path, 'dist'), { recursive: true });
    cpSync('dist/bundle', join(path, 'dist/bundle'), { recursive: true });
    for (const shared of ['node_modules', 'prisma', 'templates']) symlinkSync(resolve(shared), join(path, shared));
    appendFileSync(join(path, 'dist/bundle/main.mjs'), `\nprocess.stdout.write('code of ${name}\\n');`);
    return path;
  }

  /** Replaces the link with one rename, as deployments do. */
  function link(target: string): string {
    const path = join(scratch.path, 'current');
    symlinkSync(target, `${path}.new`);
    renameSync(`${path}.new`, path);
    return path;
  }

  it('runs the code of the new release after a reload, also when the old release is gone', async () => {
    const [first, second] = [release('release-1'), release('release-2')];
    cluster = spawnCluster(scratch, {}, join(link(first), 'dist/bundle/cluster.mjs'));
    await cluster.untilLogged('cluster.started');
    expect(cluster.output()).not.toContain('code of release-2');
    link(second);
    rmSync(first, { recursive: true });
    cluster.signal('SIGHUP');
    await cluster.untilLogged('cluster.reloaded');
    expect(cluster.output().match(/code of release-2/g)).toHaveLength(2);
  }, 120_000);
});
