import type { AccountStore } from '../accounts/account-store.js';
import type { PasswordHashing } from '../accounts/password-hashing.js';
import { passwordProblem } from '../accounts/password-rules.js';
import type { RecordEvents } from '../accounts/security-events.js';
import type { Database } from '../database/client.js';
import { inTransaction } from '../database/transaction.js';
import { Failure } from '../shared/failure.js';
import type { Origin } from '../shared/origin.js';
import type { KeyRing } from './key-ring.js';
import type { SessionAdvancing } from './session-advancing.js';
import type { EndSessions } from './session-ending.js';
import type { SessionStore } from './session-store.js';
import type { MintedPair } from './token-minting.js';
import type { AuthenticatedViewer } from './viewer.js';

export interface PasswordChange {
  readonly currentPassword: string;
  readonly newPassword: string;
}

export type ChangePassword = (
  viewer: AuthenticatedViewer,
  change: PasswordChange,
  origin: Origin,
) => Promise<MintedPair>;

export interface PasswordChangeParts {
  readonly database: Database;
  readonly accounts: AccountStore;
  readonly hashing: PasswordHashing;
  readonly record: RecordEvents;
  readonly end: EndSessions;
  readonly store: SessionStore;
  readonly ring: () => KeyRing;
  readonly advancing: SessionAdvancing;
}

/**
 * Replaces the password of the viewer's account and ends all its other sessions, in one transaction; the session that
 * the request was made in goes on with the new pair.
 * @throws Failure WRONG_EMAIL_OR_PASSWORD, BAD_USER_INPUT for a password that the rules refuse, SERVICE_UNAVAILABLE
 */
export function passwordChange(parts: PasswordChangeParts): ChangePassword {
  const { database, accounts, hashing, record, end, store, ring, advancing } = parts;

  return async ({ accountId, sessionId }, { currentPassword, newPassword }, origin) => {
    const account = await accounts.withHash(accountId);
    if (!(await hashing.verify(currentPassword, account?.passwordHash)) || !account) {
      throw new Failure('WRONG_EMAIL_OR_PASSWORD');
    }
    const problem = passwordProblem(newPassword, account.email);
    if (problem) throw new Failure('BAD_USER_INPUT', { publicMessage: problem });
    const newHash = await hashing.hash(newPassword);
    await inTransaction(database, async (transaction) => {
      if (!(await accounts.replaceHash(accountId, account.passwordHash, newHash, transaction))) {
        throw new Failure('WRONG_EMAIL_OR_PASSWORD'); // somebody else has just changed it
      }
      await record(transaction, accountId, [{ kind: 'PASSWORD_CHANGED', sessionId, ...origin }]);
      await end(transaction, { accountId, exceptSessionId: sessionId }, 'PASSWORD_CHANGED', origin);
    });
    return continued(sessionId, origin);
  };

  /** The next pair of a session that has not been shown a refresh token. */
  async function continued(sessionId: string, origin: Origin): Promise<MintedPair> {
    const session = await store.find(sessionId);
    const refreshKey = session && ring().refreshKeys.get(session.refreshKeyId);
    if (!session || session.endedAt || !refreshKey) throw new Failure('TOKEN_REVOKED');
    // A refresh of another tab may come between: then its generation is the one to go on from.
    return (await advancing.advance(session, refreshKey, origin)) ?? continued(sessionId, origin);
  }
}
