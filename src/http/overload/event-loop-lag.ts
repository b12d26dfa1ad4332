/** Calls the listener regularly with the lag of the event loop in milliseconds. Returns the function that stops this. */
export type SampleLag = (listener: (lagMs: number) => void) => () => void;

const INTERVAL_MS = 50;

/** The lag is how late a timer fires: so long, too, a request waits before the server reads it. */
export const sampleEventLoopLag: SampleLag = (listener) => {
  let dueMs = performance.now() + INTERVAL_MS;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    listener(Math.max(0, nowMs - dueMs));
    dueMs = nowMs + INTERVAL_MS;
  }, INTERVAL_MS).unref();
  return () => clearInterval(timer);
};
