/** A worker that lived so long did not die of its start. */
const STEADY_AFTER_MS = 30_000;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;

/** How many times in a row a worker died young, after one that lived for `livedMs`. */
export function consecutiveCrashes(before: number, livedMs: number): number {
  return livedMs >= STEADY_AFTER_MS ? 0 : before + 1;
}

/** At once after an accident; later and later when each new worker dies young too. */
export function restartBackoffMs(deaths: number): number {
  return deaths <= 1 ? 0 : Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (deaths - 2));
}
