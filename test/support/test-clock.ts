import type { Clock } from '../../src/shared/clock.js';

export interface TestClock extends Clock {
  /** Moves time forward; negative: back. */
  advance(seconds: number): void;
}

/** A clock that runs like the real one, plus what a test adds to it. */
export function testClock(): TestClock {
  let offsetMs = 0;
  return {
    nowMs: () => Date.now() + offsetMs,
    advance(seconds) {
      offsetMs += seconds * 1000;
    },
  };
}
