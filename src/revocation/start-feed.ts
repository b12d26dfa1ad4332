import type { FeedParts, RevocationFeed } from './feed.js';
import { postgresFeed } from './postgres-feed.js';
import { sqliteFeed } from './sqlite-feed.js';

/** How far the clocks of processes may differ, including a clock that was set back between two starts. */
const CLOCK_MARGIN_MS = 2 * 3_600_000;

/** PostgreSQL notifies its clients; a SQLite file has to be polled. */
export function revocationFeed(parts: FeedParts): RevocationFeed {
  const { database, revocations, authTokenTtlSeconds, clock } = parts;

  /** Reads one whole lifetime, not only what is new: the times in the rows come from other processes' clocks. */
  async function catchUp(): Promise<void> {
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

  return database.provider === 'sqlite' ? sqliteFeed(parts, catchUp) : postgresFeed(parts, catchUp);
}
