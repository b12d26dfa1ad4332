import type { preHandlerHookHandler } from 'fastify';
import { isObject } from '../../api/trusted-documents/document-parameters.js';

/**
 * Begins one login in each turn of the event loop, so that many that arrive at once do not keep other requests waiting.
 * While 200 logins arrived at a process with one core, the p99 of reads rose to five times its idle value, and now to 2.6
 * times (bench/login-burst.mjs). Other mutations begin when they arrive: one in a turn, a new post takes 40 % more
 * processor time.
 */
export function loginTurns(): preHandlerHookHandler {
  const waiting: (() => void)[] = [];
  /** Whether a login has begun in this turn. */
  let hasBegun = false;

  function begin(login: () => void): void {
    hasBegun = true;
    setImmediate(beginNext);
    login();
  }

  function beginNext(): void {
    const next = waiting.shift();
    if (next) begin(next);
    else hasBegun = false;
  }

  return ({ method, body }, _reply, done) => {
    if (method !== 'POST' || !mayLogIn(body)) done();
    else if (hasBegun) waiting.push(done);
    else begin(done);
  };
}

/** Whether the document contains the name of the field. A turn costs other operations that contain it nothing. */
function mayLogIn(body: unknown): boolean {
  return isObject(body) && typeof body['query'] === 'string' && body['query'].includes('login');
}
