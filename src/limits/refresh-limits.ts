import type { ClientInfo } from '../shared/client-info.js';
import type { Clock } from '../shared/clock.js';
import { clientNetwork } from './client-network.js';
import { ratePerMinute } from './rate-per-minute.js';

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
