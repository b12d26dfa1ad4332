import type { Database } from '../database/client.js';
import { inTransaction } from '../database/transaction.js';
import { Failure } from '../errors/failure.js';
import { invalidInput } from '../errors/invalid-input.js';
import type { RecordEvents } from '../events/security-events.js';
import type { MailRequests } from '../limits/mail-requests.js';
import type { WriteMail } from '../mail/outbox.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import type { AccountStore } from './account-store.js';
import { normalizeEmail } from './email-address.js';
import { isUsable } from './may-log-in.js';
import type { OneTimeTokens } from './one-time-tokens.js';
import type { IsAbandoned } from './passwords/hash-queue.js';
import type { PasswordHashing } from './passwords/password-hashing.js';
import type { PasswordRules } from './passwords/password-rules.js';
import type { PresentedOneTimeToken, PresentedProof, PresentOneTimeToken } from './presented-one-time-token.js';
import type { RevokeAll } from './revoke-all.js';
import type { SendNotice } from './security-notices.js';

export interface ResetRequest extends PresentedProof {
  readonly newPassword: string;
}

export interface PasswordReset {
  /**
   * Sends a mail. It writes the same rows whether or not the address has an account, so that work and response are the
   * same. What the mail says is decided when it is sent.
   * @throws Failure RATE_LIMITED, SERVICE_UNAVAILABLE
   */
  request(email: string, clientInfo: ClientInfo): Promise<void>;
  /**
   * Replaces the password and revokes all sessions, in one transaction.
   * @throws Failure ONE_TIME_TOKEN_INVALID, BAD_USER_INPUT for a password that the rules reject, RATE_LIMITED,
   * SERVICE_UNAVAILABLE
   */
  reset(request: ResetRequest, clientInfo: ClientInfo, isAbandoned: IsAbandoned): Promise<void>;
}

export interface PasswordResetParts {
  readonly database: Database;
  readonly accounts: AccountStore;
  readonly rules: Pick<PasswordRules, 'check'>;
  readonly hashing: Pick<PasswordHashing, 'hash'>;
  readonly tokens: OneTimeTokens;
  readonly present: PresentOneTimeToken;
  /** @throws Failure SERVICE_UNAVAILABLE if this server sends no mail */
  readonly requireMail: () => void;
  readonly limits: MailRequests;
  readonly writeMail: WriteMail;
  readonly record: RecordEvents;
  readonly revokeAll: RevokeAll;
  readonly sendNotice: SendNotice;
  readonly clock: Clock;
  readonly logger: Logger;
}

export function passwordReset(parts: PasswordResetParts): PasswordReset {
  const {
    database,
    accounts,
    rules,
    hashing,
    tokens,
    present,
    requireMail,
    limits,
    writeMail,
    record,
    revokeAll,
    sendNotice,
    clock,
    logger,
  } = parts;

  return {
    async request(typed, clientInfo) {
      requireMail();
      const email = normalizeEmail(typed);
      const counted = await limits.count(email, clientInfo);
      try {
        const account = await accounts.findByEmail(email);
        const accountId = account && isUsable(account, clock.nowMs()) ? account.id : undefined;
        await inTransaction(database, async (transaction) => {
          const oneTimeTokenId = await tokens.issue(transaction, { purpose: 'RESET_PASSWORD', email, accountId });
          await writeMail(transaction, { template: 'reset-password', toAddress: email, accountId, oneTimeTokenId });
        });
      } catch (error) {
        await counted.takeBack();
        throw error;
      }
    },

    async reset(request, clientInfo, isAbandoned) {
      const presented = await present('RESET_PASSWORD', request, clientInfo);
      try {
        await replacePassword(presented, request.newPassword, clientInfo, isAbandoned);
      } catch (error) {
        await presented.attempt.takeBack();
        throw error;
      }
    },
  };

  async function replacePassword(
    { row, attempt }: PresentedOneTimeToken,
    newPassword: string,
    clientInfo: ClientInfo,
    isAbandoned: IsAbandoned,
  ): Promise<void> {
    const { accountId } = row;
    if (accountId === null) throw new Failure('ONE_TIME_TOKEN_INVALID', { cause: 'the address has no account' });
    const account = await accounts.find(accountId);
    const context = { email: row.email, displayName: account?.displayName };
    const problem = await rules.check(newPassword, context, isAbandoned);
    if (problem) throw invalidInput([{ path: ['input', 'newPassword'], ...problem }]);
    const newHash = await hashing.hash(newPassword, isAbandoned);

    await inTransaction(database, async (transaction) => {
      const current = await accounts.current(transaction, accountId);
      if (!current || !isUsable(current, clock.nowMs())) throw new Failure('ONE_TIME_TOKEN_INVALID');
      await tokens.consume(transaction, row.id);
      await accounts.replaceHash(accountId, current.passwordHash, newHash, transaction);
      await tokens.supersedeAll(transaction, accountId);
      await record(transaction, accountId, [{ kind: 'PASSWORD_RESET', ...clientInfo }]);
      await revokeAll(transaction, { accountId }, 'PASSWORD_CHANGED', clientInfo);
      await sendNotice(transaction, { template: 'password-was-reset', account: current, client: clientInfo });
      await attempt.succeed(transaction);
    });
    logger.info({ event: 'password.reset', accountId, ...clientInfo }, 'a password was reset');
  }
}
