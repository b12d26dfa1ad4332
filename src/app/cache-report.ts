import type { CacheUsage } from '../shared/bounded-cache.js';
import type { Logger } from '../shared/logger.js';

const INTERVAL_MS = 60_000;

/**
 * Logs once a minute how full the caches are: at `debug`, and at `info` if a cache evicted records since the last line,
 * because then its capacity may be too small. Returns the function that stops it.
 */
export function reportCaches(
  logger: Logger,
  usages: () => Readonly<Record<string, CacheUsage>>,
  intervalMs = INTERVAL_MS,
): () => void {
  let evictedBefore = 0;
  const timer = setInterval(() => {
    const caches = usages();
    const evicted = Object.values(caches).reduce((sum, usage) => sum + usage.evicted, 0);
    logger[evicted > evictedBefore ? 'info' : 'debug']({ event: 'caches', ...caches }, 'cache usage');
    evictedBefore = evicted;
  }, intervalMs).unref();
  return () => clearInterval(timer);
}
