import type { Worker } from 'node:cluster';

export interface WorkerEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** One process of the server, seen from outside. */
export interface WorkerProcess {
  readonly pid: number | undefined;
  /** The port, once the worker listens; undefined if it exited before. */
  readonly listening: Promise<number | undefined>;
  readonly ended: Promise<WorkerEnd>;
  /**
   * Shuts it down gracefully: by SIGTERM if the whole cluster stops, by SIGHUP if another worker replaces it.
   * Resolves when it is gone, to false when it had to be killed.
   */
  finish(signal: 'SIGTERM' | 'SIGHUP'): Promise<boolean>;
  kill(): void;
}

/** @param patienceMs how long it may take to finish */
export function workerProcess(worker: Worker, patienceMs: number): WorkerProcess {
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
      }, patienceMs);
      send(signal);
      await ended;
      clearTimeout(overdue);
      return inTime;
    },
    kill: () => send('SIGKILL'),
  };
}
