import { setTimeout } from 'node:timers/promises';

/** Polls a condition in real time. Rejects after ten seconds. */
export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('The condition was not met within ten seconds');
    await setTimeout(20);
  }
}
