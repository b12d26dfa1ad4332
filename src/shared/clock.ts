/** The one source of time. Tests set it; nothing else in src/ asks the system. */
export interface Clock {
  /** Milliseconds since the epoch; never less than what it said before. */
  nowMs(): number;
}

/**
 * The system's time, except that it never steps back: a corrected clock must not revive what has expired, nor make the
 * moment of a rotation lie in the future. It follows the wall clock forward and a monotonic counter otherwise.
 */
export function systemClock(
  wallMs: () => number = Date.now,
  monotonicMs: () => number = () => performance.now(),
): Clock {
  let anchorMs = wallMs() - monotonicMs();
  return {
    nowMs() {
      const elapsed = monotonicMs();
      anchorMs = Math.max(anchorMs, wallMs() - elapsed);
      return Math.floor(anchorMs + elapsed);
    },
  };
}
