import type { preHandlerHookHandler } from 'fastify';
import type { OperationPriority } from './operation-priority.js';

/** How many of them begin in one turn of the event loop: about two milliseconds of work. */
const AT_ONCE = 4;

/**
 * Mutations that arrive together begin a few in each turn of the event loop, so that reads and refreshes, which begin at
 * once, need not wait for all of them. The gain is in docs/decisions/overload.md.
 */
export function mutationsInTurn(priorityOf: OperationPriority): preHandlerHookHandler {
  const waiting: (() => void)[] = [];
  let begun = 0;

  function nextTurn(): void {
    const beginning = waiting.splice(0, AT_ONCE);
    begun = beginning.length;
    if (begun > 0) setImmediate(nextTurn);
    for (const begin of beginning) begin();
  }

  return (request, _reply, done) => {
    const priority = request.method === 'POST' ? priorityOf(request.body) : 'read';
    if (priority === 'read' || priority === 'refresh') return done();
    if (begun === AT_ONCE) return void waiting.push(done);
    if (begun === 0) setImmediate(nextTurn);
    begun += 1;
    done();
  };
}
