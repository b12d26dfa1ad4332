/** A crash after this time does not count as a failed start. */
const STEADY_AFTER_MS = 30_000;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;

/** How many workers in a row crashed soon after their start, after one that ran for `livedMs`. */
export function consecutiveCrashes(before: number, livedMs: number): number {
  return livedMs >= STEADY_AFTER_MS ? 0 : before + 1;
}

/** No delay after a single crash; an exponential backoff if each new worker crashes soon too. */
export function restartBackoffMs(deaths: number): number {
  return deaths <= 1 ? 0 : Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (deaths - 2));
}
