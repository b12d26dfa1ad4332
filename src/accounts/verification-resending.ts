import type { Database } from '../database/client.js';
import { inTransaction } from '../database/transaction.js';
import type { MailRequests } from '../limits/mail-requests.js';
import type { WriteMail } from '../mail/outbox.js';
import type { ClientInfo } from '../shared/client-info.js';
import { normalizeEmail } from './email-address.js';
import type { OneTimeTokens } from './one-time-tokens.js';
import type { PendingSignUps } from './pending-sign-ups.js';

export interface ResendRequest {
  readonly email: string;
  readonly continuation: string;
}

/** Resolves to the time until when the address can be verified. */
export type ResendVerification = (request: ResendRequest, clientInfo: ClientInfo) => Promise<Date>;

export interface ResendingParts {
  /** @throws Failure FORBIDDEN if registration is closed */
  readonly requireRegistration: () => void;
  /** @throws Failure SERVICE_UNAVAILABLE if this server sends no mail */
  readonly requireMail: () => void;
  readonly limits: MailRequests;
  readonly database: Database;
  readonly signUps: Pick<PendingSignUps, 'prolong'>;
  readonly tokens: Pick<OneTimeTokens, 'issue'>;
  readonly writeMail: WriteMail;
}

/**
 * Sends the mail of a sign-up again, with a new link and code, and begins its 24 hours again. If this client has no sign-up
 * that waits, it writes the same rows, and the mail says so: a stranger who signed up with the address must not learn whether
 * its owner has verified it since.
 * @throws Failure FORBIDDEN if registration is closed, RATE_LIMITED, SERVICE_UNAVAILABLE
 */
export function verificationResending(parts: ResendingParts): ResendVerification {
  const { requireRegistration, requireMail, limits, database, signUps, tokens, writeMail } = parts;
  return async ({ email: typed, continuation }, clientInfo) => {
    requireRegistration();
    requireMail();
    const email = normalizeEmail(typed);
    const counted = await limits.count(email, clientInfo);
    try {
      return await inTransaction(database, async (transaction) => {
        const { signUpId, expiresAt } = await signUps.prolong(transaction, email, continuation);
        const oneTimeTokenId = await tokens.issue(transaction, { purpose: 'VERIFY_EMAIL', email, signUpId });
        await writeMail(transaction, { template: 'verify-email', toAddress: email, oneTimeTokenId });
        return expiresAt;
      });
    } catch (error) {
      await counted.takeBack();
      throw error;
    }
  };
}
