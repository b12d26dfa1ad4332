/** Time, so that tests can set it. */
export interface Clock {
  /** Milliseconds that only grow, from any start. */
  now(): number;
  /** Milliseconds of the device's clock, which may be wrong. The client only computes differences. */
  wall(): number;
  /** Calls back once. Returns a function that cancels. */
  after(ms: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
