import type { Clock } from '../../src/clock.js';

export interface ManualClock extends Clock {
  /** Lets time pass, and calls back whatever is due, in order. */
  advance(ms: number): void;
  /** Changes the clock of the device only, as its user or NTP does. */
  adjust(ms: number): void;
  /** Waits that are shorter than this end at once, and time passes by as much. 0: none. */
  skipBelowMs: number;
  /** How long the timers that run now were set for. */
  waits(): number[];
}

/** A clock that stands still until a test advances it. */
export function manualClock(): ManualClock {
  let now = 0;
  let offset = Date.parse('2026-01-01');
  let timers: { at: number; ms: number; callback: () => void }[] = [];

  function runUntil(end: number): void {
    for (;;) {
      const [next] = timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at);
      if (!next) break;
      timers = timers.filter((timer) => timer !== next);
      now = Math.max(now, next.at);
      next.callback();
    }
    now = Math.max(now, end);
  }

  const clock: ManualClock = {
    skipBelowMs: 0,
    now: () => now,
    wall: () => now + offset,
    after(ms, callback) {
      const timer = { at: now + ms, ms, callback };
      timers.push(timer);
      if (ms < clock.skipBelowMs) setImmediate(() => timers.includes(timer) && runUntil(timer.at));
      return () => void (timers = timers.filter((other) => other !== timer));
    },
    advance: (ms) => runUntil(now + ms),
    adjust: (ms) => void (offset += ms),
    waits: () => timers.map(({ ms }) => ms),
  };
  return clock;
}
