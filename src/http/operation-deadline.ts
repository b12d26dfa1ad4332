import { Failure } from '../errors/failure.js';
import type { Deadline } from '../graphql/context.js';

/**
 * Runs an operation with a deadline, at which its signal aborts. A query fails at once, even if a statement of it still
 * runs. The result of a mutation is awaited, because the mutation may have taken effect: see docs/decisions/deadlines.md.
 */
export async function withinDeadline<Result>(
  timeoutMs: number,
  run: (deadline: Deadline) => Promise<Result>,
  onTimeout: () => void,
): Promise<Result> {
  const controller = new AbortController();
  const deadline: Deadline = { signal: controller.signal, isOfQuery: false };
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      onTimeout();
      const failure = timedOut(timeoutMs);
      controller.abort(failure);
      if (deadline.isOfQuery) reject(failure);
    }, timeoutMs);
  });
  try {
    return await Promise.race([run(deadline), expiry]);
  } finally {
    clearTimeout(timer);
  }
}

function timedOut(timeoutMs: number): Failure {
  const publicMessage = `The operation did not finish within ${timeoutMs.toLocaleString('en')} ms. Retry it later, or request less data.`;
  return new Failure('SERVICE_UNAVAILABLE', { publicMessage, cause: 'the operation timed out' });
}
