import { setImmediate } from 'node:timers/promises';
import type { FeedParts } from './feed.js';

/** Rows per statement, so that other requests are served between two statements. */
const PAGE = 1000;
/** How far the clocks of processes may differ, including a clock that was set back between two starts. */
const CLOCK_MARGIN_MS = 2 * 3_600_000;

export type ReadRevocations = (sinceMs?: number) => Promise<void>;

/**
 * Reads sessions that were revoked or cut and roles that were changed since a time of the writers' clocks. Without a time:
 * everything that could concern an auth token that is valid today.
 */
export function revocationReading(parts: Omit<FeedParts, 'databaseSettings' | 'logger'>): ReadRevocations {
  const { database, revocations, authTokenTtlSeconds, clock } = parts;

  return async (sinceMs = clock.nowMs() - authTokenTtlSeconds * 1000 - CLOCK_MARGIN_MS) => {
    const since = new Date(sinceMs);
    await readEndedSessions(since);
    await readCutSessions(since);
    const changed = await database.account.findMany({
      where: { roleChangedAt: { gte: since } },
      select: { id: true, role: true },
    });
    for (const { id, role } of changed) revocations.roleChanged(id, role, clock.nowMs());
  };

  async function readEndedSessions(since: Date): Promise<void> {
    let [endedAt, id] = [since, ''];
    for (let found = PAGE; found === PAGE; await setImmediate()) {
      const rows = await database.session.findMany({
        where: { endedAt: { gte: endedAt }, OR: [{ endedAt: { gt: endedAt } }, { id: { gt: id } }] },
        orderBy: [{ endedAt: 'asc' }, { id: 'asc' }],
        take: PAGE,
        select: { id: true, endedAt: true },
      });
      for (const row of rows) revocations.sessionEnded(row.id, clock.nowMs());
      const last = rows.at(-1);
      if (last?.endedAt) [endedAt, id] = [last.endedAt, last.id];
      found = rows.length;
    }
  }

  async function readCutSessions(since: Date): Promise<void> {
    let [cutAt, id] = [since, ''];
    for (let found = PAGE; found === PAGE; await setImmediate()) {
      const rows = await database.session.findMany({
        where: { cutAt: { gte: cutAt }, OR: [{ cutAt: { gt: cutAt } }, { id: { gt: id } }] },
        orderBy: [{ cutAt: 'asc' }, { id: 'asc' }],
        take: PAGE,
        select: { id: true, cutAt: true, cutGeneration: true },
      });
      for (const row of rows) revocations.sessionCut(row.id, row.cutGeneration, clock.nowMs());
      const last = rows.at(-1);
      if (last?.cutAt) [cutAt, id] = [last.cutAt, last.id];
      found = rows.length;
    }
  }
}
