import type { AccountStore } from '../accounts/account-store.js';
import type { IsAbandoned, PasswordHashing } from '../accounts/passwords/password-hashing.js';
import { passwordProblem } from '../accounts/passwords/password-rules.js';
import type { RecordEvents } from '../events/security-events.js';
import type { Database } from '../database/client.js';
import { inTransaction } from '../database/transaction.js';
import type { Clock } from '../shared/clock.js';
import { Failure } from '../errors/failure.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { KeyRing } from '../keys/key-ring.js';
import type { RevokeSessions } from '../sessions/session-revocation.js';
import { whereActive, type SessionSettings } from '../sessions/session-expiry.js';
import { SESSION_FIELDS } from '../sessions/session-row.js';
import type { IssuedTokens, IssueTokens } from './token-issuance.js';
import type { AuthenticatedViewer } from '../tokens/viewer.js';

export interface PasswordChange {
  readonly currentPassword: string;
  readonly newPassword: string;
}

export type ChangePassword = (
  viewer: AuthenticatedViewer,
  change: PasswordChange,
  clientInfo: ClientInfo,
  isAbandoned: IsAbandoned,
) => Promise<IssuedTokens>;

export interface PasswordChangeParts {
  readonly settings: SessionSettings;
  readonly database: Database;
  readonly accounts: AccountStore;
  readonly hashing: PasswordHashing;
  readonly record: RecordEvents;
  readonly revokeSessions: RevokeSessions;
  readonly ring: () => KeyRing;
  readonly issueTokens: IssueTokens;
  readonly clock: Clock;
}

/**
 * Replaces the password of the viewer's account, revokes all its other sessions, and rotates the session of the request
 * to the pair that is returned: all in one transaction.
 * @throws Failure WRONG_EMAIL_OR_PASSWORD, BAD_USER_INPUT for a password that the rules reject, TOKEN_REVOKED if the
 * session was revoked meanwhile, SERVICE_UNAVAILABLE
 */
export function passwordChange(parts: PasswordChangeParts): ChangePassword {
  const { settings, database, accounts, hashing, record, revokeSessions, ring, issueTokens, clock } = parts;

  return async ({ accountId, sessionId }, { currentPassword, newPassword }, clientInfo, isAbandoned) => {
    const account = await accounts.withHash(accountId);
    const matches = await hashing.verify(currentPassword, account?.passwordHash, isAbandoned);
    if (!account || !matches) throw wrongPassword();
    const problem = passwordProblem(newPassword, account.email);
    if (problem) throw new Failure('BAD_USER_INPUT', { publicMessage: problem });
    const newHash = await hashing.hash(newPassword, isAbandoned);

    const { session, refreshKey } = await inTransaction(database, async (transaction) => {
      // The session may have been revoked while the passwords were hashed. Then the password must not change.
      const now = new Date(clock.nowMs());
      const current = await accounts.current(transaction, accountId);
      const live = { id: sessionId, accountId, ...whereActive(now) };
      const [moved] = await transaction.client.session.updateManyAndReturn({
        where: live,
        data: {
          generation: { increment: 1 },
          rotatedAt: now,
          confirmedAt: null,
          idleExpiresAt: new Date(now.getTime() + settings.idleSeconds * 1000),
        },
        select: SESSION_FIELDS,
      });
      const refreshKey = moved && ring().refreshKeys.get(moved.refreshKeyId);
      if (!refreshKey || !current || current.disabledAt) throw new Failure('TOKEN_REVOKED');
      if (!(await accounts.replaceHash(accountId, account.passwordHash, newHash, transaction))) throw wrongPassword();
      await record(transaction, accountId, [{ kind: 'PASSWORD_CHANGED', sessionId, ...clientInfo }]);
      await revokeSessions(transaction, { accountId, exceptSessionId: sessionId }, 'PASSWORD_CHANGED', clientInfo);
      return { session: moved, refreshKey };
    });
    return issueTokens(session, account, refreshKey);
  };
}

function wrongPassword(): Failure {
  return new Failure('WRONG_EMAIL_OR_PASSWORD', { publicMessage: 'currentPassword is not your password.' });
}
