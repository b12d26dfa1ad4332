import { inTransaction, type Transaction } from '../database/transaction.js';
import { Failure } from '../errors/failure.js';
import { invalidInput } from '../errors/invalid-input.js';
import type { MailRequests } from '../limits/mail-requests.js';
import type { WriteMail } from '../mail/outbox.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { AuthenticatedViewer } from '../tokens/viewer.js';
import type { Account, AccountStore, AccountWithHash } from './account-store.js';
import type { IsTaken } from './address-use.js';
import { normalizeEmail } from './email-address.js';
import { emailChangeUndo, type EmailChangeUndoParts, type UndoEmailChange } from './email-change-undo.js';
import { mayLogIn } from './may-log-in.js';
import type { OneTimeTokens } from './one-time-tokens.js';
import { takingBack, type PresentedOneTimeToken, type PresentedProof } from './presented-one-time-token.js';
import type { RequireRecentLogin } from './require-recent-login.js';

export interface EmailChange {
  /**
   * Sends a mail to the new address. It does the same work whether or not the address has an account.
   * @throws Failure RECENT_LOGIN_REQUIRED, BAD_USER_INPUT for the current address, RATE_LIMITED, SERVICE_UNAVAILABLE
   */
  request(viewer: AuthenticatedViewer, newEmail: string, clientInfo: ClientInfo): Promise<void>;
  /** Sends the mail again, with a new link and code. @throws Failure NOT_FOUND if no change is pending, and as `request` */
  resend(viewer: AuthenticatedViewer, clientInfo: ClientInfo): Promise<void>;
  /** If no change is pending, nothing changes. */
  cancel(viewer: AuthenticatedViewer, clientInfo: ClientInfo): Promise<Account>;
  /**
   * Changes the address, revokes the other sessions, and sends a link to the previous address that undoes it.
   * @throws Failure ONE_TIME_TOKEN_INVALID, BAD_USER_INPUT, RATE_LIMITED, SERVICE_UNAVAILABLE
   */
  confirm(viewer: AuthenticatedViewer, proof: PresentedProof, clientInfo: ClientInfo): Promise<Account>;
  readonly undo: UndoEmailChange;
}

export interface EmailChangeParts extends EmailChangeUndoParts {
  readonly accounts: AccountStore;
  readonly tokens: OneTimeTokens;
  readonly isTaken: IsTaken;
  readonly requireRecentLogin: RequireRecentLogin;
  /** @throws Failure SERVICE_UNAVAILABLE if this server sends no mail */
  readonly requireMail: () => void;
  readonly limits: MailRequests;
  readonly writeMail: WriteMail;
}

export function emailChange(parts: EmailChangeParts): EmailChange {
  const { database, accounts, tokens, present, isTaken, requireRecentLogin, requireMail, limits } = parts;
  const { writeMail, record, revokeAll, logger } = parts;

  return {
    async request(viewer, typed, clientInfo) {
      await requireRecentLogin(viewer);
      const email = normalizeEmail(typed);
      await sending(email, clientInfo, async (transaction) => {
        const current = await lock(transaction, viewer);
        if (current.email === email) {
          const message = 'This is the address of the account already.';
          throw invalidInput([{ path: ['input', 'newEmail'], reason: 'INVALID_FORMAT', message }]);
        }
        await accounts.setPendingEmail(transaction, viewer.accountId, email);
        await sendConfirmation(transaction, viewer.accountId, email);
        await recordOf(transaction, viewer, 'EMAIL_CHANGE_REQUESTED', clientInfo);
      });
    },

    async resend(viewer, clientInfo) {
      const account = await accounts.find(viewer.accountId);
      const email = account?.pendingEmail;
      if (email == null) throw new Failure('NOT_FOUND', { publicMessage: 'No change of the address is pending.' });
      await sending(email, clientInfo, async (transaction) => {
        const current = await lock(transaction, viewer);
        if (current.pendingEmail !== email) throw new Failure('CONFLICT', { cause: 'the pending address was changed' });
        await sendConfirmation(transaction, viewer.accountId, email);
      });
    },

    cancel: (viewer, clientInfo) =>
      inTransaction(database, async (transaction) => {
        const current = await lock(transaction, viewer);
        if (current.pendingEmail === null) return current;
        await accounts.setPendingEmail(transaction, viewer.accountId, null);
        await tokens.supersede(transaction, viewer.accountId, 'CHANGE_EMAIL');
        await recordOf(transaction, viewer, 'EMAIL_CHANGE_CANCELLED', clientInfo);
        return { ...current, pendingEmail: null };
      }),

    async confirm(viewer, { token, code }, clientInfo) {
      const account = await accounts.find(viewer.accountId);
      if (code != null && account?.pendingEmail == null) throw new Failure('ONE_TIME_TOKEN_INVALID');
      const proof = { token, code, email: code == null ? undefined : account?.pendingEmail };
      const presented = await present('CHANGE_EMAIL', proof, clientInfo);
      return takingBack(presented, () => change(presented, viewer, clientInfo));
    },

    undo: emailChangeUndo(parts),
  };

  /** Counts the mail, unless the request fails. */
  async function sending(
    email: string,
    clientInfo: ClientInfo,
    work: (transaction: Transaction) => Promise<void>,
  ): Promise<void> {
    requireMail();
    const counted = await limits.count(email, clientInfo);
    try {
      await inTransaction(database, work);
    } catch (error) {
      await counted.takeBack();
      throw error;
    }
  }

  async function lock(transaction: Transaction, { accountId }: AuthenticatedViewer): Promise<AccountWithHash> {
    const current = await accounts.current(transaction, accountId);
    if (!current || !mayLogIn(current)) throw new Failure('TOKEN_REVOKED');
    return current;
  }

  async function sendConfirmation(transaction: Transaction, accountId: string, email: string): Promise<void> {
    const oneTimeTokenId = await tokens.issue(transaction, { purpose: 'CHANGE_EMAIL', email, accountId });
    await writeMail(transaction, { template: 'confirm-email-change', toAddress: email, accountId, oneTimeTokenId });
  }

  function recordOf(
    transaction: Transaction,
    { accountId, sessionId }: AuthenticatedViewer,
    kind: 'EMAIL_CHANGE_REQUESTED' | 'EMAIL_CHANGE_CANCELLED' | 'EMAIL_CHANGED',
    clientInfo: ClientInfo,
  ): Promise<void> {
    return record(transaction, accountId, [{ kind, sessionId, ...clientInfo }]);
  }

  async function change(
    { row, attempt }: PresentedOneTimeToken,
    viewer: AuthenticatedViewer,
    clientInfo: ClientInfo,
  ): Promise<Account> {
    const { accountId, sessionId } = viewer;
    if (row.accountId !== accountId || (await isTaken(row.email, accountId))) {
      throw new Failure('ONE_TIME_TOKEN_INVALID');
    }
    const changed = await inTransaction(database, async (transaction) => {
      const current = await lock(transaction, viewer);
      if (current.pendingEmail !== row.email) throw new Failure('ONE_TIME_TOKEN_INVALID');
      await tokens.consume(transaction, row.id);
      await accounts.setEmail(transaction, accountId, row.email);
      await tokens.supersedeAll(transaction, accountId);
      const undo = { purpose: 'UNDO_EMAIL_CHANGE' as const, email: current.email, accountId };
      const oneTimeTokenId = await tokens.issue(transaction, undo);
      await writeMail(transaction, { template: 'email-changed', toAddress: current.email, accountId, oneTimeTokenId });
      await recordOf(transaction, viewer, 'EMAIL_CHANGED', clientInfo);
      await revokeAll(transaction, { accountId, exceptSessionId: sessionId }, 'EMAIL_CHANGED', clientInfo);
      await attempt.succeed(transaction);
      return { ...current, email: row.email, pendingEmail: null };
    });
    logger.info({ event: 'email.changed', accountId, sessionId, ...clientInfo }, 'an e-mail address was changed');
    return changed;
  }
}
