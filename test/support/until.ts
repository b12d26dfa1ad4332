import { setTimeout } from 'node:timers/promises';

/** Polls a condition in real time. Rejects after ten seconds, or after another time. */
export async function until(isSo: () => Promise<boolean> | boolean, timeoutMs = 10_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`The condition was not met within ${timeoutMs} ms`);
    await setTimeout(20);
  }
}
