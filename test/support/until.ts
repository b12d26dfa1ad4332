import { setTimeout } from 'node:timers/promises';

/** Resolves when it is so, for what comes about in real time that no test can set; fails after ten seconds. */
export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('It did not come about within ten seconds');
    await setTimeout(20);
  }
}
