import type { AccountStore } from '../accounts/account-store.js';
import { mayLogIn } from '../accounts/may-log-in.js';
import type { IsAbandoned } from '../accounts/passwords/hash-queue.js';
import type { AuthenticatePassword, VerifiedCredentials } from '../accounts/passwords/password-authentication.js';
import type { Database } from '../database/client.js';
import { inTransaction } from '../database/transaction.js';
import { Failure } from '../errors/failure.js';
import { invalidInput } from '../errors/invalid-input.js';
import type { RecordEvents } from '../events/security-events.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { Logger } from '../shared/logger.js';
import type { AuthenticatedViewer } from '../tokens/viewer.js';
import type { CutSession } from './session-cut.js';
import type { IssuedTokens, IssueTokens } from './token-issuance.js';

export type Reauthenticate = (
  viewer: AuthenticatedViewer,
  password: string | undefined,
  clientInfo: ClientInfo,
  isAbandoned: IsAbandoned,
) => Promise<IssuedTokens>;

export interface ReauthenticationParts {
  readonly database: Database;
  readonly accounts: AccountStore;
  readonly authenticate: AuthenticatePassword;
  readonly record: RecordEvents;
  readonly cutSession: CutSession;
  readonly issueTokens: IssueTokens;
  readonly logger: Logger;
}

/**
 * Proves again who uses a session, and cuts it: whoever copied a token before does not profit from the proof (ASVS 5.0
 * 7.2.4). Attempts count as logins.
 * @throws Failure WRONG_PASSWORD, BAD_USER_INPUT without a password, TOKEN_REVOKED or TOKEN_STALE if the session was
 * revoked or cut meanwhile, RATE_LIMITED, SERVICE_UNAVAILABLE
 */
export function reauthentication(parts: ReauthenticationParts): Reauthenticate {
  const { database, accounts, authenticate, record, cutSession, issueTokens, logger } = parts;

  return async (viewer, password, clientInfo, isAbandoned) => {
    const path = ['input', 'password'];
    if (password === undefined) throw invalidInput([{ path, reason: 'REQUIRED' }]);
    const account = await accounts.find(viewer.accountId);
    if (!account) throw new Failure('TOKEN_REVOKED');
    try {
      const verified = await authenticate(account.email, password, clientInfo, isAbandoned);
      return await prove(viewer, verified, clientInfo);
    } catch (error) {
      const isWrong = error instanceof Failure && error.kind === 'WRONG_EMAIL_OR_PASSWORD';
      throw isWrong ? invalidInput([{ path, reason: 'WRONG_PASSWORD' }], 'WRONG_PASSWORD') : error;
    }
  };

  async function prove(
    viewer: AuthenticatedViewer,
    { account, passwordHash, attempt, renewHash }: VerifiedCredentials,
    clientInfo: ClientInfo,
  ): Promise<IssuedTokens> {
    const { accountId, sessionId } = viewer;
    try {
      const { session, refreshKey } = await inTransaction(database, async (transaction) => {
        const current = await accounts.current(transaction, accountId);
        const cut = await cutSession(transaction, viewer);
        if (!current || !mayLogIn(current)) throw new Failure('TOKEN_REVOKED');
        // The password or the address was changed while this one was verified.
        if (account.id !== accountId || current.passwordHash !== passwordHash) {
          throw new Failure('WRONG_EMAIL_OR_PASSWORD');
        }
        await record(transaction, accountId, [{ kind: 'REAUTHENTICATED', sessionId, ...clientInfo }]);
        await attempt.succeed(transaction);
        return cut;
      });
      logger.info(
        { event: 'session.reauthenticated', accountId, sessionId, ...clientInfo },
        'a person proved again who they are',
      );
      renewHash();
      return issueTokens(session, account, refreshKey);
    } catch (error) {
      await attempt.takeBack();
      throw error;
    }
  }
}
