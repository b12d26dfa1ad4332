import type { FeedParts, RevocationFeed } from './feed.js';
import type { ReadRevocations } from './read-revocations.js';

/** How often a process polls for revocations of other processes. */
export const POLL_INTERVAL_MS = 250;
/** If the last successful poll is older than this, the feed is not fresh. */
const FRESH_FOR_MS = 5000;
/** A transaction dates its revocations when it begins. It may commit this much later, or by a clock this far behind. */
const OVERLAP_MS = 60_000;
/** How often everything is read again, if another process wrote: its clock may be further behind. */
const READ_ALL_INTERVAL_MS = 60_000;

/** Polls whether another process has written to the SQLite file, and then reads the new revocations. */
export function sqliteFeed(
  { database, clock, logger }: Pick<FeedParts, 'database' | 'clock' | 'logger'>,
  read: ReadRevocations,
): RevocationFeed {
  let freshUntil = 0;
  let dataVersion: bigint | undefined;
  let readAtMs = 0;
  let readAllAtMs = 0;
  let isReadAllDue = true;
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    const startedAt = performance.now();
    // data_version changes only when another connection commits. This process records its own revocations itself.
    const [row] = await database.$queryRaw<{ data_version: bigint }[]>`PRAGMA data_version`;
    const isChanged = row?.data_version !== dataVersion;
    isReadAllDue ||= isChanged;
    const nowMs = clock.nowMs();
    if (isReadAllDue && nowMs - readAllAtMs >= READ_ALL_INTERVAL_MS) {
      await read();
      isReadAllDue = false;
      readAtMs = readAllAtMs = nowMs;
    } else if (isChanged) {
      await read(readAtMs - OVERLAP_MS);
      readAtMs = nowMs;
    }
    dataVersion = row?.data_version;
    freshUntil = startedAt + FRESH_FOR_MS;
  }

  function schedule(): void {
    timer = setTimeout(() => {
      look()
        .catch((error: unknown) => logger.warn({ err: error }, 'reading revocations failed'))
        .finally(schedule);
    }, POLL_INTERVAL_MS).unref();
  }

  return {
    async start() {
      await look();
      schedule();
    },
    isFresh: () => performance.now() < freshUntil,
    stop: () => clearTimeout(timer),
  };
}
