import type { AccountStore } from '../accounts/account-store.js';
import type { AccountDeletion } from '../accounts/account-deletion.js';
import { isUsable, mayLogIn } from '../accounts/may-log-in.js';
import type { SendNotice } from '../accounts/security-notices.js';
import type { AuthenticatePassword } from '../accounts/passwords/password-authentication.js';
import type { IsAbandoned } from '../accounts/passwords/hash-queue.js';
import type { Database } from '../database/client.js';
import { inTransaction } from '../database/transaction.js';
import { Failure } from '../errors/failure.js';
import type { Cleanup } from '../shared/cleanup-rounds.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import type { OpenSession } from '../sessions/session-opening.js';
import type { IssuedTokens, IssueTokens } from './token-issuance.js';

export interface Credentials {
  readonly email: string;
  readonly password: string;
  readonly deviceName?: string | undefined;
}

export type LogIn = (
  credentials: Credentials,
  clientInfo: ClientInfo,
  isAbandoned: IsAbandoned,
) => Promise<IssuedTokens>;

export interface LoginParts {
  readonly database: Database;
  readonly accounts: AccountStore;
  readonly authenticate: AuthenticatePassword;
  readonly openSession: OpenSession;
  readonly issueTokens: IssueTokens;
  /** Each login starts the clean-ups that are due. */
  readonly cleanups: readonly Pick<Cleanup, 'runIfDue'>[];
  /** Takes the request to delete an account back. */
  readonly restore: AccountDeletion['restore'];
  readonly sendNotice: SendNotice;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Exchanges an e-mail address and a password for a token pair of a new session. It restores an account whose deletion was
 * requested.
 * @throws Failure WRONG_EMAIL_OR_PASSWORD whichever of the two is wrong, RATE_LIMITED, SERVICE_UNAVAILABLE if too many log in at once
 */
export function login(parts: LoginParts): LogIn {
  const { database, accounts, authenticate, openSession, issueTokens, cleanups, restore, sendNotice, clock, logger } =
    parts;

  return async (...request) => {
    // While this login verifies the password, the stored hash may be replaced: by another login that rehashes it, or by
    // a password change. The second attempt distinguishes them.
    const pair = (await attempt(...request)) ?? (await attempt(...request));
    if (!pair) throw new Failure('WRONG_EMAIL_OR_PASSWORD');
    for (const cleanup of cleanups) cleanup.runIfDue();
    return pair;
  };

  async function attempt(
    { email, password, deviceName }: Credentials,
    clientInfo: ClientInfo,
    isAbandoned: IsAbandoned,
  ): Promise<IssuedTokens | undefined> {
    const verified = await authenticate(email, password, clientInfo, isAbandoned);
    const { account, passwordHash, attempt: counted, renewHash } = verified;
    const opened = await inTransaction(database, async (transaction) => {
      const current = await accounts.current(transaction, account.id);
      if (!current || !isUsable(current, clock.nowMs())) throw new Failure('WRONG_EMAIL_OR_PASSWORD');
      if (current.passwordHash !== passwordHash) return undefined;
      if (!mayLogIn(current)) await restore(transaction, account.id, clientInfo);
      const opened = await openSession(transaction, account.id, deviceName, clientInfo);
      const { id: sessionId } = opened.session;
      if (opened.familiarity === 'new') {
        await sendNotice(transaction, { template: 'new-device', account: current, client: clientInfo, sessionId });
      }
      // Last, because it locks a row that other logins from the same address wait for.
      await counted.succeed(transaction);
      return opened;
    });
    if (!opened) {
      await counted.takeBack();
      return undefined;
    }
    logger.info({ event: 'login.succeeded', accountId: account.id, ...clientInfo }, 'login succeeded');
    renewHash();
    return issueTokens(opened.session, account, opened.refreshKey);
  }
}
