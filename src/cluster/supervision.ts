import type { Logger } from '../shared/logger.js';
import { consecutiveCrashes, restartBackoffMs } from './restart-backoff.js';
import type { WorkerProcess } from './worker-process.js';

export interface Supervision {
  /** Resolves to the port when all workers have started, or to undefined if the first one could not start. */
  start(): Promise<number | undefined>;
  /** Replaces all workers one after another. Each old worker stops after its successor listens. */
  reload(): void;
  /** Shuts all workers down gracefully. Resolves to false if one had to be killed. */
  stop(): Promise<boolean>;
  /** Kills all workers. */
  kill(): void;
}

/** Runs `count` workers and restarts those that crash. */
export function supervision(count: number, fork: () => WorkerProcess, logger: Logger): Supervision {
  /** The current worker of each place. Workers that start or stop are not in this list. */
  const places: WorkerProcess[] = [];
  const alive = new Set<WorkerProcess>();
  let stopping = false;
  let reloads = Promise.resolve();
  let reloadIsDue = false;

  function begin(): WorkerProcess {
    const worker = fork();
    alive.add(worker);
    void worker.ended.then(() => alive.delete(worker));
    return worker;
  }

  function hold(place: number, worker: WorkerProcess, crashesBefore = 0): void {
    places[place] = worker;
    const startedAtMs = performance.now();
    const isNeeded = () => !stopping && places[place] === worker;
    void worker.listening.then((port) => {
      if (port !== undefined) logger.info({ event: 'cluster.worker_started', worker: worker.pid }, 'a worker started');
    });
    void worker.ended.then((end) => {
      if (!isNeeded()) return;
      const crashes = consecutiveCrashes(crashesBefore, performance.now() - startedAtMs);
      const restartInMs = restartBackoffMs(crashes);
      logger.error({ event: 'cluster.worker_died', worker: worker.pid, ...end, restartInMs }, 'a worker crashed');
      setTimeout(() => isNeeded() && hold(place, begin(), crashes), restartInMs);
    });
  }

  async function replaceAll(): Promise<void> {
    for (const place of places.keys()) {
      const fresh = begin();
      const port = await fresh.listening;
      if (stopping) return;
      if (port === undefined) {
        logger.error({ event: 'cluster.reload_refused' }, 'a new worker did not start; the running workers stay');
        return;
      }
      const old = places[place];
      hold(place, fresh);
      await old?.finish('SIGHUP');
      logger.info({ event: 'cluster.worker_replaced', worker: old?.pid, by: fresh.pid }, 'a worker was replaced');
    }
    logger.info({ event: 'cluster.reloaded' }, 'all workers were replaced');
  }

  return {
    async start() {
      // The first worker starts alone: it migrates, and in development creates keys and demo accounts for all.
      const first = begin();
      const port = await first.listening;
      if (stopping || port === undefined) return undefined;
      hold(0, first);
      for (let place = 1; place < count; place++) hold(place, begin());
      await Promise.all(places.map((worker) => worker.listening));
      return port;
    },
    reload() {
      if (reloadIsDue) return;
      reloadIsDue = true;
      reloads = reloads.then(() => {
        reloadIsDue = false;
        return stopping ? undefined : replaceAll();
      });
    },
    async stop() {
      stopping = true;
      const inTime = await Promise.all([...alive].map((worker) => worker.finish('SIGTERM')));
      return inTime.every(Boolean);
    },
    kill() {
      for (const worker of alive) worker.kill();
    },
  };
}
