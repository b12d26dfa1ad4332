import type { Clock } from '../../src/shared/clock.js';

export interface TestClock extends Clock {
  /** Moves time forward; negative: back. */
  advance(seconds: number): void;
  /** Stops the clock at a moment, in milliseconds since the epoch. */
  stopAt(ms: number): void;
}

/** A clock that runs like the real one, plus what a test adds to it, until a test stops it. */
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
