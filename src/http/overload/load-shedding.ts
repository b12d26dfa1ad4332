import type { preHandlerHookHandler } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { overloaded } from '../../errors/overloaded.js';
import type { Logger } from '../../shared/logger.js';
import { fail } from '../json-errors.js';
import type { SampleLag } from './event-loop-lag.js';
import { operationPriority, PRIORITIES, type Priority } from './operation-priority.js';

/** One pause, such as a garbage collection, is not an overload: so many samples in a row must be high, or low again. */
const SAMPLES = 4;
/** An overload has ended, for the log, after so many samples without shedding: about 10 seconds. */
const CALM_SAMPLES = 200;

export interface LoadShedding {
  readonly preHandler: preHandlerHookHandler;
  /** Whether to reject a request of this priority. The log counts those that are. */
  sheds(priority: Priority): boolean;
  stop(): void;
}

/**
 * Rejects requests with 503 while the event loop is late, in the order of `PRIORITIES`: the first from `lagMs` on, each
 * next one from twice the lag of the one before. The response never depends on the tokens of a request.
 */
export function loadShedding(lagMs: number, sampleLag: SampleLag, schema: GraphQLSchema, logger: Logger): LoadShedding {
  const priorityOf = operationPriority(schema);
  const recent: number[] = [];
  /** How many of the priorities are shed. */
  let level = 0;
  let overload: Overload | undefined;

  const stop = lagMs === 0 ? () => undefined : sampleLag(sampled);

  function sampled(lag: number): void {
    recent.push(lag);
    if (recent.length > SAMPLES) recent.shift();
    if (recent.length < SAMPLES) return;
    const [least, most] = [Math.min(...recent), Math.max(...recent)];
    while (level < PRIORITIES.length && least >= lagMs * 2 ** level) level += 1;
    while (level > 0 && most < (lagMs * 2 ** (level - 1)) / 2) level -= 1;
    if (level > 0 || overload) follow(lag);
  }

  function follow(lag: number): void {
    if (!overload) {
      overload = { startedMs: performance.now(), mostLagMs: 0, calm: 0, shed: {} };
      logger.warn({ event: 'overload.began', lagMs: Math.round(lag) }, 'overloaded: rejecting requests with 503');
    }
    overload.mostLagMs = Math.max(overload.mostLagMs, lag);
    overload.calm = level === 0 ? overload.calm + 1 : 0;
    if (overload.calm < CALM_SAMPLES) return;
    const { startedMs, mostLagMs, shed } = overload;
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    logger.warn({ event: 'overload.ended', seconds, mostLagMs: Math.round(mostLagMs), shed }, 'no longer overloaded');
    overload = undefined;
  }

  function sheds(priority: Priority): boolean {
    if (PRIORITIES.indexOf(priority) >= level) return false;
    if (overload) overload.shed[priority] = (overload.shed[priority] ?? 0) + 1;
    return true;
  }

  return {
    preHandler(request, reply, done) {
      if (level === 0) return done();
      if (sheds(request.method === 'POST' ? priorityOf(request.body) : 'read')) fail(reply, overloaded());
      else done();
    },
    sheds,
    stop,
  };
}

/** What the log says when it has ended. */
interface Overload {
  readonly startedMs: number;
  mostLagMs: number;
  /** How many samples in a row nothing was shed. */
  calm: number;
  /** How many requests of each priority. */
  readonly shed: Record<string, number>;
}
