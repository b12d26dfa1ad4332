import { Failure } from '../errors/failure.js';
import { boundedCache } from '../shared/bounded-cache.js';
import type { Clock } from '../shared/clock.js';

/** At about 200 bytes each. Beyond that, the least recently counted one is evicted, and may start again. */
const MAX_RECORDS = 10_000;
const MINUTE_MS = 60_000;

/**
 * A leaky bucket for each key, in the memory of this process: `most` at once, and then as many a minute. For what must not
 * cost a statement, and what nobody gains from repeating in another process.
 */
export function ratePerMinute(most: number, clock: Clock): (key: string, cause: string) => void {
  const buckets = boundedCache<{ level: number; atMs: number }>(MAX_RECORDS);
  return (key, cause) => {
    const nowMs = clock.nowMs();
    const counted = buckets.get(key);
    // A bucket from the future is from before the clock was set back.
    const { level: before, atMs } = counted && counted.atMs <= nowMs ? counted : { level: 0, atMs: nowMs };
    const level = Math.max(0, before - ((nowMs - atMs) * most) / MINUTE_MS) + 1;
    if (level > most) {
      const waitMs = ((level - most) * MINUTE_MS) / most;
      throw new Failure('RATE_LIMITED', { retryAfterSeconds: Math.ceil(waitMs / 1000), cause });
    }
    buckets.set(key, { level, atMs: nowMs });
  };
}
