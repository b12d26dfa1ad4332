import type { Clock } from './clock.js';

const LONGEST_WAIT_MS = 2000;

/**
 * Runs `act` while this tab holds a lock, which saves requests of other tabs. Nothing depends on it: a tab that does not get
 * the lock in time, such as when a frozen tab holds it, runs `act` all the same.
 */
export async function withLock<T>(name: string | undefined, clock: Clock, act: () => Promise<T>): Promise<T> {
  const locks = name && globalThis.navigator?.locks;
  if (!locks) return act();
  const release = await new Promise<(() => void) | undefined>((resolve) => {
    const waiting = new AbortController();
    const cancel = clock.after(LONGEST_WAIT_MS, () => waiting.abort());
    const held = locks.request(name, { signal: waiting.signal }, () => {
      cancel();
      return new Promise<void>((unlock) => resolve(unlock));
    });
    held.catch(() => (cancel(), resolve(undefined)));
  });
  return act().finally(release);
}
