import type { Database } from '../database/client.js';
import type { DatabaseLimits } from '../database/limits.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import type { RevocationList } from './revocation-list.js';

/** Distributes the revocations and role changes that other processes committed into this process's memory. */
export interface RevocationFeed {
  /** Reads everything that could concern an auth token that is valid today, and follows changes from then on. */
  start(): Promise<void>;
  /** Whether this process's revocation list is known to be complete. If it is not, each request reads the session row. */
  isFresh(): boolean;
  stop(): void;
}

export interface FeedParts {
  readonly databaseSettings: { readonly url: string; readonly limits: DatabaseLimits };
  readonly authTokenTtlSeconds: number;
  readonly database: Database;
  readonly revocations: RevocationList;
  readonly clock: Clock;
  readonly logger: Logger;
}
