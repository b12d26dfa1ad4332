import type { ClientInfo } from '../shared/client-info.js';
import type { Clock } from '../shared/clock.js';
import { firstOpen, type AttemptCounting, type CountedAttempt } from './attempt-counting.js';
import { ALL_MAILS_KEY, mailKeys } from './limit-keys.js';

export interface MailLimitSettings {
  /** Mails to one e-mail address in an hour and in a day. */
  readonly perAccountAndHour: number;
  readonly perAccountAndDay: number;
  /** Mails that one client address requests in an hour. */
  readonly perAddressAndHour: number;
  /** Mails that all clients request in an hour, beyond which each of them can request few. */
  readonly perHour: number;
}

export interface MailRequests {
  /**
   * Counts a mail that a client requests. `email` is normalized. Call it before anything depends on whether the address has
   * an account, and take the attempt back if the request fails for another reason.
   * @throws Failure RATE_LIMITED, SERVICE_UNAVAILABLE
   */
  count(email: string, clientInfo: ClientInfo): Promise<Pick<CountedAttempt, 'takeBack'>>;
}

const HOUR_MS = 3_600_000;

/** While `perHour` is used up, a client can request so many mails in half a day: enough for a person. */
const FEW = 3;
const FEW_MS = 12 * HOUR_MS;

/**
 * Limits the mails of sign-ups, password resets and other requests. All kinds count together. An attacker with many addresses
 * needs a new one for each three mails, and cannot use up the three of anybody else.
 */
export function mailRequests(settings: MailLimitSettings, counting: AttemptCounting, clock: Clock): MailRequests {
  return {
    count(email, clientInfo) {
      const keys = mailKeys(email, clientInfo.ipAddress);
      const nowMs = clock.nowMs();
      const ofEach = [
        { key: keys.hour, most: settings.perAccountAndHour, endsAtMs: nowMs + HOUR_MS },
        { key: keys.day, most: settings.perAccountAndDay, endsAtMs: nowMs + 24 * HOUR_MS },
        { key: keys.network, most: settings.perAddressAndHour, endsAtMs: nowMs + HOUR_MS },
      ];
      const all = { key: ALL_MAILS_KEY, most: settings.perHour, endsAtMs: nowMs + HOUR_MS, isSoft: true };
      const few = { key: keys.site, most: FEW, endsAtMs: nowMs + FEW_MS };
      const groups = [
        [...ofEach, all],
        [...ofEach, few],
      ];
      return counting.count(groups, clientInfo, firstOpen(groups));
    },
  };
}
