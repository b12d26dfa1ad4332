import type { Clock } from '../../src/shared/clock.js';

export interface TestClock extends Clock {
  /** Moves time forward, or back if negative. */
  advance(seconds: number): void;
  /** Stops the clock at a time in milliseconds since the epoch. */
  stopAt(ms: number): void;
}

/** A clock that runs like the system clock plus an offset, until a test stops it. */
export function testClock(): TestClock {
  let offsetMs = 0;
  let stoppedAtMs: number | undefined;
  return {
    nowMs: () => (stoppedAtMs ?? Date.now()) + offsetMs,
    advance(seconds) {
      offsetMs += seconds * 1000;
    },
    stopAt(ms) {
      stoppedAtMs = ms;
      offsetMs = 0;
    },
  };
}
