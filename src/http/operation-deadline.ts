import { Failure } from '../errors/failure.js';
import type { Deadline } from '../shared/deadline.js';

/**
 * Runs an operation with a deadline. A query fails at once when it passes, even if a statement of it still runs. The
 * result of a mutation is awaited, because the mutation may have taken effect: see docs/decisions/deadlines.md.
 */
export async function withinDeadline<Result>(
  timeoutMs: number,
  run: (deadline: Deadline) => Promise<Result>,
  onTimeout: () => void,
): Promise<Result> {
  const deadline = new OperationDeadline(timeoutMs);
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      timer = setTimeout(() => {
        onTimeout();
        deadline.hasPassed = true;
        if (deadline.isOfQuery) reject(timedOut(timeoutMs));
      }, timeoutMs);
      run(deadline).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
  }
}

class OperationDeadline implements Deadline {
  hasPassed = false;
  isOfQuery = false;

  constructor(private readonly timeoutMs: number) {}

  throwIfPassed(): void {
    if (this.hasPassed) throw timedOut(this.timeoutMs);
  }
}

function timedOut(timeoutMs: number): Failure {
  const publicMessage = `The operation did not finish within ${timeoutMs.toLocaleString('en')} ms. Retry it later, or request less data.`;
  return new Failure('SERVICE_UNAVAILABLE', { publicMessage, cause: 'the operation timed out' });
}
