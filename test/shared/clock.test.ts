import fc from 'fast-check';
import { systemClock } from '../../src/shared/clock.js';

/** A clock on a wall clock and a monotonic counter that the test sets. */
function handMoved() {
  const time = { wallMs: 1_000_000, monotonicMs: 50 };
  const clock = systemClock(
    () => time.wallMs,
    () => time.monotonicMs,
  );
  const pass = (ms: number, wallMs = ms) => {
    time.monotonicMs += ms;
    time.wallMs += wallMs;
  };
  return { time, clock, pass };
}

describe('the clock of the system', () => {
  it('returns the time of the wall clock', () => {
    const { clock, time, pass } = handMoved();
    expect(clock.nowMs()).toBe(1_000_000);
    pass(1234);
    expect(clock.nowMs()).toBe(time.wallMs);
    expect(Math.abs(systemClock().nowMs() - Date.now())).toBeLessThan(1000);
  });

  it('follows the wall clock forward after a suspend or a correction', () => {
    const { clock, time, pass } = handMoved();
    pass(10, 3_600_000);
    expect(clock.nowMs()).toBe(time.wallMs);
  });

  it('continues at its own pace when the wall clock is set back', () => {
    const { clock, pass } = handMoved();
    const before = clock.nowMs();
    pass(1000, -3_600_000);
    expect(clock.nowMs()).toBe(before + 1000);
    pass(500);
    expect(clock.nowMs()).toBe(before + 1500);
  });

  it('agrees with the wall clock again after it has caught up', () => {
    const { clock, time, pass } = handMoved();
    pass(1000, -60_000);
    clock.nowMs();
    pass(1000, 120_000);
    expect(clock.nowMs()).toBe(time.wallMs);
  });

  it('increases monotonically in whole milliseconds', () => {
    const steps = fc.array(fc.record({ ms: fc.nat(5000), wallMs: fc.integer({ min: -5_000_000, max: 5_000_000 }) }));
    fc.assert(
      fc.property(steps, (taken) => {
        const { clock, pass } = handMoved();
        let last = clock.nowMs();
        for (const { ms, wallMs } of taken) {
          pass(ms, wallMs);
          const now = clock.nowMs();
          expect(Number.isInteger(now)).toBe(true);
          expect(now).toBeGreaterThanOrEqual(last + ms);
          last = now;
        }
      }),
    );
  });
});
