import { setTimeout as delay } from 'node:timers/promises';
import { isDriverAdapterError } from '@prisma/driver-adapter-utils';

const RETRY_MS = 5;

/**
 * Retries while another process is writing, until the deadline (of `performance.now()`). SQLite's `busy_timeout` would
 * block this thread, and with it every request that only reads.
 */
export async function whileBusy<Result>(deadlineMs: number, attempt: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadlineMs) throw error;
    }
    await delay(RETRY_MS);
  }
}

/** Whether SQLite rejected a statement because another connection is writing. */
export function isBusy(error: unknown): boolean {
  return isDriverAdapterError(error) && error.cause.kind === 'SocketTimeout';
}
