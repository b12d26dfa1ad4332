import { Failure } from '../errors/failure.js';
import { boundedCache } from '../shared/bounded-cache.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { Clock } from '../shared/clock.js';
import { clientNetwork } from './client-network.js';

export interface RefreshLimitSettings {
  /** A minute and process, beyond which a refresh is rejected. */
  readonly refreshesPerSession: number;
  readonly unknownTokensPerAddress: number;
}

export interface RefreshLimits {
  /** For an authentic token, before the server issues a pair for it. @throws Failure RATE_LIMITED */
  countRefresh(sessionId: string): void;
  /** For a token that was found to be unknown. @throws Failure RATE_LIMITED */
  countUnknownToken(clientInfo: ClientInfo): void;
}

/** At about 200 bytes each. Beyond that, the least recently counted one is evicted, and may start again. */
const MAX_RECORDS = 10_000;
const MINUTE_MS = 60_000;

/**
 * Limits refreshes, so that a client in a loop does not occupy the server. In the memory of each process, so that an
 * ordinary refresh costs no statement: nobody guesses a refresh token of 256 bits, so there are no guesses to count in all
 * processes. A client with a valid token is never limited because of its neighbours behind the same address.
 */
export function refreshLimits(settings: RefreshLimitSettings, clock: Clock): RefreshLimits {
  const ofSession = ratePerMinute(settings.refreshesPerSession, clock);
  const ofNetwork = ratePerMinute(settings.unknownTokensPerAddress, clock);
  return {
    countRefresh: (sessionId) => ofSession(sessionId, 'too many refreshes of the session'),
    countUnknownToken: ({ ipAddress }) =>
      ofNetwork(clientNetwork(ipAddress), 'the token is unknown, after too many others from this client address'),
  };
}

/** A leaky bucket for each key: `most` at once, and then as many a minute. */
function ratePerMinute(most: number, clock: Clock): (key: string, cause: string) => void {
  const buckets = boundedCache<{ level: number; atMs: number }>(MAX_RECORDS);
  return (key, cause) => {
    const nowMs = clock.nowMs();
    const counted = buckets.get(key);
    // A bucket from the future is from before the clock was set back.
    const { level: before, atMs } = counted && counted.atMs <= nowMs ? counted : { level: 0, atMs: nowMs };
    const level = Math.max(0, before - ((nowMs - atMs) * most) / MINUTE_MS) + 1;
    if (level > most) {
      const waitMs = ((level - most) * MINUTE_MS) / most;
      throw new Failure('RATE_LIMITED', { retryAfterSeconds: Math.ceil(waitMs / 1000), cause });
    }
    buckets.set(key, { level, atMs: nowMs });
  };
}
