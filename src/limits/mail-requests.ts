import type { ClientInfo } from '../shared/client-info.js';
import type { Clock } from '../shared/clock.js';
import type { AttemptCounting, CountedAttempt } from './attempt-counting.js';
import { mailKeys } from './limit-keys.js';

export interface MailLimitSettings {
  /** Mails to one e-mail address in an hour and in a day. */
  readonly perAccountAndHour: number;
  readonly perAccountAndDay: number;
  /** Mails that one client address requests in an hour. */
  readonly perAddressAndHour: number;
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

/** Limits the mails of sign-ups, password resets and other requests. All kinds count together. */
export function mailRequests(settings: MailLimitSettings, counting: AttemptCounting, clock: Clock): MailRequests {
  return {
    count(email, clientInfo) {
      const keys = mailKeys(email, clientInfo.ipAddress);
      const nowMs = clock.nowMs();
      const limits = [
        { key: keys.hour, most: settings.perAccountAndHour, endsAtMs: nowMs + HOUR_MS },
        { key: keys.day, most: settings.perAccountAndDay, endsAtMs: nowMs + 24 * HOUR_MS },
        { key: keys.network, most: settings.perAddressAndHour, endsAtMs: nowMs + HOUR_MS },
      ];
      return counting.count([limits], clientInfo);
    },
  };
}
