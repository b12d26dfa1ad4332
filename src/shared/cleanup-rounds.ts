import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from './logger.js';

/** The first round starts this long after the process, and no round starts sooner after the last one. */
const EVERY_MS = 60_000;
/** After each batch a clean-up pauses for this many times as long as the batch took, so that few requests wait. */
const REST_FACTOR = 10;

export interface Cleanup {
  /** Logins call this. Starts a round in the background if the last one was more than a minute ago. */
  runIfDue(): void;
  stop(): void;
  drain(): Promise<void>;
}

/**
 * Runs the rounds of a clean-up, one at a time. A timer and logins start them, so that there is no job to schedule. A round
 * must end early when `stopping` is aborted.
 */
export function cleanupRounds(logger: Logger, cleanUp: (stopping: AbortSignal) => Promise<void>): Cleanup {
  const stopping = new AbortController();
  let round = Promise.resolve();
  let nextAt = performance.now() + EVERY_MS;
  const timer = setInterval(runIfDue, EVERY_MS).unref();

  function runIfDue(): void {
    if (performance.now() < nextAt || stopping.signal.aborted) return;
    nextAt = Infinity;
    round = cleanUp(stopping.signal)
      .catch((error: unknown) => logger.warn({ err: error }, 'a clean-up failed'))
      .finally(() => (nextAt = performance.now() + EVERY_MS));
  }

  return {
    runIfDue,
    stop() {
      stopping.abort();
      clearInterval(timer);
    },
    drain: () => round,
  };
}

/** Does the work of one batch, then pauses. A shutdown ends the pause: it waits for the work. */
export async function workAndRest<Result>(
  work: () => Promise<Result>,
  stopping: AbortSignal,
  restFactor = REST_FACTOR,
): Promise<Result> {
  const startedAt = performance.now();
  const result = await work();
  const restMs = (performance.now() - startedAt) * restFactor;
  await delay(restMs, undefined, { signal: stopping }).catch(() => undefined);
  return result;
}
