import type { Database } from '../database/client.js';
import { inTransaction, type Transaction } from '../database/transaction.js';
import { Failure } from '../errors/failure.js';
import type { RecordEvents } from '../events/security-events.js';
import type { WriteMail } from '../mail/outbox.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import type { AuthenticatedViewer } from '../tokens/viewer.js';
import type { AccountStore } from './account-store.js';
import { mayLogIn } from './may-log-in.js';
import type { OneTimeTokens } from './one-time-tokens.js';
import type { RequireRecentLogin } from './require-recent-login.js';
import type { RevokeAll } from './revoke-all.js';

/** What others see of an account besides its name. A higher folder implements it. */
export interface AccountContent {
  /** Hides it from others. */
  hide(transaction: Transaction, accountId: string): Promise<void>;
  /** Shows again what `hide` has hidden. */
  restore(transaction: Transaction, accountId: string): Promise<void>;
  /** Deletes it, or separates it from the account, in small batches, before the account is deleted. */
  remove(accountId: string, stopping: AbortSignal): Promise<void>;
}

export interface AccountDeletion {
  /**
   * Hides an account, revokes its sessions, and lets the clean-up delete it after 7 days. Resolves to that time.
   * @throws Failure RECENT_LOGIN_REQUIRED, TOKEN_REVOKED
   */
  request(viewer: AuthenticatedViewer, clientInfo: ClientInfo): Promise<Date>;
  /** Takes the request back, in the transaction of a login. */
  restore(transaction: Transaction, accountId: string, clientInfo: ClientInfo): Promise<void>;
}

export interface AccountDeletionParts {
  readonly database: Database;
  readonly accounts: Pick<AccountStore, 'current' | 'setDeletion'>;
  readonly content: Pick<AccountContent, 'hide' | 'restore'>;
  readonly tokens: Pick<OneTimeTokens, 'supersedeAll'>;
  readonly requireRecentLogin: RequireRecentLogin;
  readonly revokeAll: RevokeAll;
  readonly record: RecordEvents;
  readonly writeMail: WriteMail;
  readonly clock: Clock;
  readonly logger: Logger;
}

const RESTORABLE_MS = 7 * 86_400_000;

export function accountDeletion(parts: AccountDeletionParts): AccountDeletion {
  const { database, accounts, content, tokens, requireRecentLogin, revokeAll, record, writeMail, clock, logger } =
    parts;
  return {
    async request(viewer, clientInfo) {
      await requireRecentLogin(viewer);
      const { accountId, sessionId } = viewer;
      const deletionAt = new Date(clock.nowMs() + RESTORABLE_MS);
      await inTransaction(database, async (transaction) => {
        const current = await accounts.current(transaction, accountId);
        if (!current || !mayLogIn(current)) throw new Failure('TOKEN_REVOKED');
        await accounts.setDeletion(transaction, accountId, deletionAt);
        await content.hide(transaction, accountId);
        await tokens.supersedeAll(transaction, accountId);
        await record(transaction, accountId, [{ kind: 'ACCOUNT_DELETION_REQUESTED', sessionId, ...clientInfo }]);
        await revokeAll(transaction, { accountId }, 'ACCOUNT_DELETED', clientInfo);
        const parameters = { date: deletionAt.toISOString().slice(0, 10) };
        await writeMail(transaction, { template: 'account-deletion', toAddress: current.email, accountId, parameters });
      });
      logger.info({ event: 'account.deletion_requested', accountId, ...clientInfo }, 'a deletion was requested');
      return deletionAt;
    },
    async restore(transaction, accountId, clientInfo) {
      await accounts.setDeletion(transaction, accountId, null);
      await content.restore(transaction, accountId);
      await record(transaction, accountId, [{ kind: 'ACCOUNT_RESTORED', ...clientInfo }]);
      transaction.afterCommit(() => {
        logger.info({ event: 'account.restored', accountId, ...clientInfo }, 'a login restored an account');
      });
    },
  };
}
