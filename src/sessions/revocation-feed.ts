import type { Config } from '../config.js';
import type { Database } from '../database/client.js';
import type { ReadReplica } from '../database/read-replica.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import { revocationListening } from './revocation-listening.js';
import { revocationPolling } from './revocation-polling.js';
import type { Revocations } from './revocations.js';

/** How far the clocks of processes may lie apart, also through a clock that was set back between two starts. */
const CLOCK_MARGIN_MS = 2 * 3_600_000;

/** Brings the endings and role changes that other processes committed into this process's memory. */
export interface RevocationFeed {
  /** Reads everything that an auth token of today could still concern, and goes on from there. */
  start(): Promise<void>;
  /** Whether what this process remembers is known to be complete. When it is not, requests look at the session row. */
  isFresh(): boolean;
  stop(): void;
}

export interface RevocationFeedParts {
  readonly config: Config;
  readonly database: Database;
  readonly revocations: Revocations;
  /** Hears by the same connection what other processes have written. */
  readonly replica?: Pick<ReadReplica, 'wrote' | 'missed'> | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** PostgreSQL tells its clients what happens; a SQLite file has to be looked at. */
export function revocationFeed(parts: RevocationFeedParts): RevocationFeed {
  const { config, database, revocations, clock } = parts;

  /** All of one lifetime, and not only what is new: the times in the rows come from other processes' clocks. */
  async function catchUp(): Promise<void> {
    const nowMs = clock.nowMs();
    const since = new Date(nowMs - config.authToken.ttlSeconds * 1000 - CLOCK_MARGIN_MS);
    const ended = await database.session.findMany({ where: { endedAt: { gte: since } }, select: { id: true } });
    for (const { id } of ended) revocations.sessionEnded(id, nowMs);
    const changed = await database.account.findMany({
      where: { roleChangedAt: { gte: since } },
      select: { id: true, role: true },
    });
    for (const { id, role } of changed) revocations.roleChanged(id, role, nowMs);
  }

  return database.provider === 'sqlite' ? revocationPolling(parts, catchUp) : revocationListening(parts, catchUp);
}
