import type { FeedParts, RevocationFeed } from './feed.js';

/** How often a process polls for revocations of other processes. */
export const POLL_INTERVAL_MS = 250;
/** If the last successful poll is older than this, the feed is not fresh. */
const FRESH_FOR_MS = 5000;

/** Polls whether another process has written to the SQLite file, and reads the revocations only then. */
export function sqliteFeed(
  { database, logger }: Pick<FeedParts, 'database' | 'logger'>,
  catchUp: () => Promise<void>,
): RevocationFeed {
  let freshUntil = 0;
  let dataVersion: bigint | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    const startedAt = performance.now();
    // data_version changes only when another connection commits. This process records its own revocations itself.
    const [row] = await database.$queryRaw<{ data_version: bigint }[]>`PRAGMA data_version`;
    if (row?.data_version !== dataVersion) {
      await catchUp();
      dataVersion = row?.data_version;
    }
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
