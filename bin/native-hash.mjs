// Replaces @apollo/utils.createhash in the bundle. The package loads Node's hashes in a way that bundlers do not
// recognize. Without this file it would fall back to its JavaScript hash, which is many times slower, for every request.
import { createHash as nodeHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** Apollo Server finds the parsed document of each request by the hash of its text. */
const hashes = new LRUCache({ max: 500, maxSize: 1_000_000, sizeCalculation: (_hash, text) => text.length });

/** For one `update`, which is all that Apollo Server needs. */
export function createHash(algorithm) {
  return {
    update: (text) => ({
      digest(encoding) {
        if (algorithm !== 'sha256' || encoding !== 'hex') return nodeHash(algorithm).update(text).digest(encoding);
        let hash = hashes.get(text);
        if (hash === undefined) hashes.set(text, (hash = nodeHash(algorithm).update(text).digest(encoding)));
        return hash;
      },
    }),
  };
}
