/** The one source of time. Tests set it; nothing else in src/ reads the system's time. */
export interface Clock {
  /** Milliseconds since the epoch; never less than an earlier result. */
  nowMs(): number;
}

/**
 * The system's time, except that it never goes back: if the system clock is set back, expired tokens must stay expired and
 * no rotation may lie in the future. It follows the wall clock forward, and a monotonic clock otherwise.
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
