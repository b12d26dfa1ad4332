import type { Database } from '../database/client.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import type { Revocations } from './revocations.js';

/** How often a process looks for what other processes have ended. */
export const FEED_INTERVAL_MS = 250;
/** When the last successful look is older than this, requests are checked against the session row instead. */
const FRESH_FOR_MS = 5000;
/** How far the clocks of processes may lie apart, also through a clock that was set back between two starts. */
const CLOCK_MARGIN_MS = 2 * 3_600_000;

export interface RevocationFeed {
  /** Reads everything that an auth token of today could still concern. */
  start(): Promise<void>;
  /** Looks now; reads only when another process has written since the last look. */
  look(): Promise<void>;
  /** Whether what this process remembers is known to be complete. */
  isFresh(): boolean;
  stop(): void;
}

/** Feeds the endings and role changes that other processes wrote to the database into this process's memory. */
export function revocationFeed(
  database: Database,
  revocations: Revocations,
  clock: Clock,
  authTokenTtlSeconds: number,
  logger: Logger,
): RevocationFeed {
  let freshUntil = 0;
  let dataVersion: bigint | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    const startedAt = performance.now();
    // Changes only when another connection commits: our own endings are noted where they are made.
    const [row] = await database.$queryRaw<{ data_version: bigint }[]>`PRAGMA data_version`;
    if (row?.data_version !== dataVersion) {
      await readAll();
      dataVersion = row?.data_version;
    }
    freshUntil = startedAt + FRESH_FOR_MS;
  }

  /** All of one lifetime, and not only what is new: the times in the rows come from other processes' clocks. */
  async function readAll(): Promise<void> {
    const nowMs = clock.nowMs();
    const since = new Date(nowMs - authTokenTtlSeconds * 1000 - CLOCK_MARGIN_MS);
    const ended = await database.session.findMany({ where: { endedAt: { gte: since } }, select: { id: true } });
    for (const { id } of ended) revocations.sessionEnded(id, nowMs);
    const changed = await database.account.findMany({
      where: { roleChangedAt: { gte: since } },
      select: { id: true, role: true },
    });
    for (const { id, role } of changed) revocations.roleChanged(id, role, nowMs);
  }

  function schedule(): void {
    timer = setTimeout(() => {
      look()
        .catch((error: unknown) => logger.warn({ err: error }, 'reading revocations failed'))
        .finally(schedule);
    }, FEED_INTERVAL_MS).unref();
  }

  return {
    async start() {
      await look();
      schedule();
    },
    look,
    isFresh: () => performance.now() < freshUntil,
    stop: () => clearTimeout(timer),
  };
}
