import type { Transaction } from '../database/transaction.js';
import type { WriteMail } from '../mail/outbox.js';
import type { Clock } from '../shared/clock.js';
import type { Account } from './account-store.js';
import { deviceDescription } from './device-description.js';
import type { OneTimeTokens } from './one-time-tokens.js';

/**
 * The notices, and how many of each an account receives in 24 hours. Whoever causes many can neither flood the mailbox nor
 * suppress a notice of another kind. Those with a code together fit into the 50 codes that are compared in their 7 days.
 */
const MOST_A_DAY = {
  'new-device': 4,
  'password-changed': 3,
  'password-was-reset': 3,
  'password-set': 3,
  'refresh-token-reused': 3,
  'failed-logins': 1,
} as const;

export interface Notice {
  readonly template: keyof typeof MOST_A_DAY;
  readonly account: Pick<Account, 'id' | 'email'>;
  /** The client that caused the notice. Its address may be a network, if there were several clients. None: an operator. */
  readonly client?: { readonly ipAddress: string | undefined; readonly userAgent: string | undefined };
  /** The session that the link of the mail revokes. */
  readonly sessionId?: string;
  /** Other values of the template. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * Writes a mail about something that the owner of the account may not have done, in the transaction that does it. The
 * transaction must have locked the row of the account.
 */
export type SendNotice = (transaction: Transaction, notice: Notice) => Promise<void>;

const DAY_MS = 86_400_000;

/** `sendsMail` is false if this server sends no mail. Then nothing is written, and nothing fails. */
export function securityNotices(
  sendsMail: boolean,
  tokens: Pick<OneTimeTokens, 'issue'>,
  writeMail: WriteMail,
  clock: Clock,
): SendNotice {
  return async (transaction, { template, account, client, sessionId, parameters }) => {
    if (!sendsMail) return;
    const { id: accountId, email } = account;
    const now = new Date(clock.nowMs());
    const where = { accountId, template, createdAt: { gt: new Date(now.getTime() - DAY_MS) } };
    if ((await transaction.client.outgoingMail.count({ where })) >= MOST_A_DAY[template]) return;
    const token = { purpose: 'REVOKE_SESSION' as const, email, accountId, sessionId };
    await writeMail(transaction, {
      template,
      toAddress: email,
      accountId,
      oneTimeTokenId: sessionId === undefined ? undefined : await tokens.issue(transaction, token),
      parameters: {
        ...parameters,
        time: `${now.toISOString().slice(0, 19).replace('T', ' ')} UTC`,
        ipAddress: client?.ipAddress ?? 'several',
        device: deviceDescription(client?.userAgent),
      },
    });
  };
}
