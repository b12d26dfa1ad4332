import type { Logger } from './logger.js';

/** Work that requests do not wait for. Shutdown waits for it. */
export interface BackgroundTasks {
  /** Starts the work after the current response. A failure is logged. */
  run(what: string, work: () => Promise<unknown>): void;
  drain(): Promise<void>;
}

export function background(logger: Logger): BackgroundTasks {
  const running = new Set<Promise<void>>();

  async function start(what: string, work: () => Promise<unknown>): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    try {
      await work();
    } catch (error) {
      logger.warn({ err: error }, `${what} failed`);
    }
  }

  return {
    run(what, work) {
      const task: Promise<void> = start(what, work).finally(() => running.delete(task));
      running.add(task);
    },
    async drain() {
      await Promise.all(running);
    },
  };
}
