import { LRUCache } from 'lru-cache';
import type { Clock } from '../../shared/clock.js';
import type { Logger } from '../../shared/logger.js';
import { documentHash } from './document-hash.js';
import { withoutLiterals } from './without-literals.js';

const MAX_HASHES = 10_000;
const PER_MINUTE = 60;

/** Logs each document once, at most 60 in a minute. A document beyond that is logged when it comes again later. */
export function untrustedLog(clock: Clock, logger: Logger): (text: string) => void {
  const logged = new LRUCache<string, true>({ max: MAX_HASHES });
  let minute = 0;
  let count = 0;
  return (text) => {
    const now = Math.floor(clock.nowMs() / 60_000);
    if (now !== minute) [minute, count] = [now, 0];
    if (count >= PER_MINUTE) return;
    const hash = documentHash(text);
    if (logged.has(hash)) return;
    logged.set(hash, true);
    count += 1;
    const { operation, text: redacted } = withoutLiterals(text);
    logger.warn(
      { event: 'trusted_documents.unknown', hash, operation, document: redacted },
      'served a document that is not trusted',
    );
  };
}
