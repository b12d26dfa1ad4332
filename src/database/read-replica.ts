import { LRUCache } from 'lru-cache';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import type { Database } from './client.js';
import { isOutage } from './outage.js';

/** Who wrote lately; whoever is forgotten reads from the replica a little early. */
const REMEMBERED = 100_000;

/** A copy of the database that follows it with some delay, and takes reads from it. */
export interface ReadReplica {
  /**
   * Reads from the replica, or from the primary when this account may have written what the replica does not have yet,
   * and when the replica fails.
   */
  read<Result>(accountId: string, from: Sources<Result>): Promise<Result>;
  /** Notes that an account has written: for as long as the replica may lag, it reads from the primary. */
  wrote(accountId: string): void;
  /** Notes that writes of other processes may have gone unheard: everybody reads from the primary for as long. */
  missed(): void;
}

export interface Sources<Result> {
  replica(): Promise<Result>;
  primary(): Promise<Result>;
}

/** `lagSeconds` is how far the replica may be behind at most. */
export function readReplica(lagSeconds: number, clock: Clock, logger: Logger): ReadReplica {
  const primaryUntilMs = new LRUCache<string, number>({ max: REMEMBERED });
  let allPrimaryUntilMs = 0;

  function missed(): void {
    allPrimaryUntilMs = clock.nowMs() + lagSeconds * 1000;
  }

  return {
    async read(accountId, { replica, primary }) {
      const nowMs = clock.nowMs();
      if (nowMs < allPrimaryUntilMs || nowMs < (primaryUntilMs.get(accountId) ?? 0)) return primary();
      try {
        return await replica();
      } catch (error) {
        if (!isOutage(error)) throw error;
        logger.warn({ err: error, event: 'read_replica.failed' }, 'the read replica failed: reading from the primary');
        missed();
        return primary();
      }
    },
    wrote(accountId) {
      primaryUntilMs.set(accountId, clock.nowMs() + lagSeconds * 1000);
    },
    missed,
  };
}

/** A replica and the connections to it. */
export interface Replication {
  readonly database: Database;
  readonly reads: ReadReplica;
}
