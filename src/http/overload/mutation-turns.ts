import type { preHandlerHookHandler } from 'fastify';
import type { PriorityOf } from './operation-priority.js';

/**
 * Begins one mutation in each turn of the event loop, so that many that arrive at once do not keep reads and refreshes
 * waiting, which begin when they arrive. While 200 logins arrived at a process with one core, the p99 of reads rose to five
 * times its idle value, and now to 2.6 times (bench/login-burst.mjs).
 */
export function mutationTurns(priorityOf: PriorityOf): preHandlerHookHandler {
  const waiting: (() => void)[] = [];
  /** Whether a mutation has begun in this turn. */
  let hasBegun = false;

  function begin(mutation: () => void): void {
    hasBegun = true;
    setImmediate(beginNext);
    mutation();
  }

  function beginNext(): void {
    const next = waiting.shift();
    if (next) begin(next);
    else hasBegun = false;
  }

  return (request, _reply, done) => {
    const priority = request.method === 'POST' ? priorityOf(request.body) : 'read';
    if (priority === 'read' || priority === 'refresh') done();
    else if (hasBegun) waiting.push(done);
    else begin(done);
  };
}
