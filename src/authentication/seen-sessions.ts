import type { Confirmation, SessionStore } from '../sessions/session-store.js';
import { boundedCache, type CacheUsage } from '../shared/bounded-cache.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';

/** After this time a request reads the rows again, because an operator may have deleted them by hand. */
const TRUSTED_MS = 300_000;

/** Caches, for each session that this process opened, refreshed or read, its account and the generation seen in use. */
export interface SeenSessions {
  add(sessionId: string, accountId: string): void;
  /** Whether a recent read found this session of this account. The revocation list knows whether it was revoked. */
  has(sessionId: string, accountId: string): boolean;
  /** Records that an auth token of this generation was used: its refresh token's predecessor is no longer accepted. */
  recordUse(sessionId: string, generation: number): void;
  usage(): CacheUsage;
  /** Resolves when all recorded uses are written. */
  drain(): Promise<void>;
}

interface SeenSession {
  readonly accountId: string;
  readAtMs: number;
  confirmedGeneration: number;
}

/**
 * The server has seen a refresh token's successor once a client used the successor's auth token. The first such request
 * in this process writes `confirmedAt`, outside the request's path; writes of one event loop turn are one statement.
 */
export function seenSessions(store: SessionStore, clock: Clock, logger: Logger, capacity: number): SeenSessions {
  const sessions = boundedCache<SeenSession>(capacity);
  let pending: Confirmation[] = [];
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    const batch = pending;
    pending = [];
    try {
      await store.confirm(batch);
    } catch (error) {
      // If this write is lost, the previous token stays valid a little longer. The next request retries the write.
      for (const { sessionId } of batch) {
        const session = sessions.get(sessionId);
        if (session) session.confirmedGeneration = 1;
      }
      logger.warn({ err: error }, 'confirming sessions failed; the next request of each session retries it');
    }
  }

  return {
    add(sessionId, accountId) {
      const readAtMs = clock.nowMs();
      const session = sessions.get(sessionId);
      if (session?.accountId === accountId) session.readAtMs = readAtMs;
      else sessions.set(sessionId, { accountId, readAtMs, confirmedGeneration: 1 });
    },
    has(sessionId, accountId) {
      const session = sessions.get(sessionId);
      return session?.accountId === accountId && clock.nowMs() - session.readAtMs < TRUSTED_MS;
    },
    usage: () => sessions.usage(),
    recordUse(sessionId, generation) {
      // Generation 1 has no predecessor.
      const session = sessions.get(sessionId);
      if (!session || session.confirmedGeneration >= generation) return;
      session.confirmedGeneration = generation;
      pending.push({ sessionId, generation, now: new Date(clock.nowMs()) });
      if (pending.length === 1) {
        writing = writing.then(() => new Promise<void>((resolve) => setImmediate(() => resolve(write()))));
      }
    },
    drain: () => writing,
  };
}
