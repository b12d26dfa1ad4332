import { LRUCache } from 'lru-cache';

/** A cache of at most `capacity` records, which evicts the least recently used one and counts how often it does. */
export interface BoundedCache<Value extends object> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  clear(): void;
  usage(): CacheUsage;
}

export interface CacheUsage {
  readonly capacity: number;
  readonly held: number;
  /** Since the process started. */
  readonly evicted: number;
}

export function boundedCache<Value extends object>(capacity: number): BoundedCache<Value> {
  let evicted = 0;
  const cache = new LRUCache<string, Value>({
    max: capacity,
    dispose: (_value, _key, reason) => {
      if (reason === 'evict') evicted += 1;
    },
  });
  return {
    get: (key) => cache.get(key),
    set: (key, value) => void cache.set(key, value),
    clear: () => cache.clear(),
    usage: () => ({ capacity, held: cache.size, evicted }),
  };
}
