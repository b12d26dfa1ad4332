import { LRUCache } from 'lru-cache';

const REMEMBERED = 100_000;

/** Sessions that this process has itself opened, refreshed or looked up: that they exist, and whose they are. */
export interface KnownSessions {
  add(sessionId: string, accountId: string): void;
  has(sessionId: string, accountId: string): boolean;
}

/** Bounded; a forgotten session costs one look-up. That a session is over is not kept here but in Revocations. */
export function knownSessions(): KnownSessions {
  const owners = new LRUCache<string, string>({ max: REMEMBERED });
  return {
    add(sessionId, accountId) {
      owners.set(sessionId, accountId);
    },
    has: (sessionId, accountId) => owners.get(sessionId) === accountId,
  };
}
