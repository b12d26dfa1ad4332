import type { Worker } from 'node:cluster';

export interface WorkerEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A worker, as the first process of the cluster controls it. */
export interface WorkerProcess {
  readonly pid: number | undefined;
  /** The port, once the worker listens; undefined if it exited before. */
  readonly listening: Promise<number | undefined>;
  readonly ended: Promise<WorkerEnd>;
  /**
   * Shuts it down gracefully: by SIGTERM if the whole cluster stops, by SIGHUP if another worker replaces it.
   * Resolves when it has exited: to false if it had to be killed.
   */
  finish(signal: 'SIGTERM' | 'SIGHUP'): Promise<boolean>;
  kill(): void;
}

/** @param stopTimeoutMs kills the worker if it takes longer than this to shut down */
export function workerProcess(worker: Worker, stopTimeoutMs: number): WorkerProcess {
  const ended = new Promise<WorkerEnd>((settle) => {
    worker.once('exit', (code: number | null, signal: string | null) => settle({ code, signal: signal || null }));
    // Without a listener the error would end the cluster. A process that could not be spawned has no exit event.
    worker.on('error', () => worker.process.pid === undefined && settle({ code: null, signal: null }));
  });
  const address = new Promise<number>((settle) => worker.once('listening', ({ port }) => settle(port)));
  // Not worker.kill(), which closes its connections first.
  const send = (signal: NodeJS.Signals) => void worker.process.kill(signal);

  return {
    pid: worker.process.pid,
    listening: Promise.race([address, ended.then(() => undefined)]),
    ended,
    async finish(signal) {
      let inTime = true;
      const overdue = setTimeout(() => {
        inTime = false;
        send('SIGKILL');
      }, stopTimeoutMs);
      send(signal);
      await ended;
      clearTimeout(overdue);
      return inTime;
    },
    kill: () => send('SIGKILL'),
  };
}
