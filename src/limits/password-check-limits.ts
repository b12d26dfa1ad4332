import type { ClientInfo } from '../shared/client-info.js';
import type { Clock } from '../shared/clock.js';
import { clientNetwork } from './client-network.js';
import { ratePerMinute } from './rate-per-minute.js';

export interface PasswordCheckLimitSettings {
  /** A minute and process, for each purpose. */
  readonly perAddress: number;
}

export interface PasswordCheckLimits {
  /** @throws Failure RATE_LIMITED */
  countPreview(clientInfo: ClientInfo): void;
  /** @throws Failure RATE_LIMITED */
  countSignUp(clientInfo: ClientInfo): void;
}

/**
 * Limits how many passwords anonymous clients let the server score, in the memory of each process. Apart from each other, so
 * that a form which previews each keystroke does not keep its own sign-up out.
 */
export function passwordCheckLimits({ perAddress }: PasswordCheckLimitSettings, clock: Clock): PasswordCheckLimits {
  const previews = ratePerMinute(perAddress, clock);
  const signUps = ratePerMinute(perAddress, clock);
  const cause = 'too many passwords to score from the client address';
  return {
    countPreview: ({ ipAddress }) => previews(clientNetwork(ipAddress), cause),
    countSignUp: ({ ipAddress }) => signUps(clientNetwork(ipAddress), cause),
  };
}
