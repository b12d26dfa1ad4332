import { LRUCache } from 'lru-cache';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import type { Confirmation, SessionStore } from './session-store.js';

const REMEMBERED = 50_000;

export interface Confirmations {
  /** Notes that an auth token of this generation was used. Costs a look-up after the first time. */
  seen(sessionId: string, generation: number): void;
  /** Resolves when everything noted so far is written. */
  settled(): Promise<void>;
}

/**
 * "Seen" is what ends the life of a refresh token: the client has its successor. The first request with an auth token
 * of a new generation writes that down, once, off the request's path; those of one turn are one statement.
 */
export function confirmations(store: SessionStore, clock: Clock, logger: Logger): Confirmations {
  const noted = new LRUCache<string, number>({ max: REMEMBERED });
  let waiting: Confirmation[] = [];
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    const batch = waiting;
    waiting = [];
    try {
      await store.confirm(batch);
    } catch (error) {
      // Forget them, so that the next request tries again: a lost confirmation only lengthens a token's life.
      for (const { sessionId } of batch) noted.delete(sessionId);
      logger.warn({ err: error }, 'confirming sessions failed; the next request of each tries again');
    }
  }

  return {
    seen(sessionId, generation) {
      // Generation 1 replaces no refresh token: there is nothing to retire.
      if (generation === 1 || (noted.get(sessionId) ?? 0) >= generation) return;
      noted.set(sessionId, generation);
      waiting.push({ sessionId, generation, now: new Date(clock.nowMs()) });
      if (waiting.length === 1) {
        writing = writing.then(() => new Promise<void>((resolve) => setImmediate(() => resolve(write()))));
      }
    },
    settled: () => writing,
  };
}
