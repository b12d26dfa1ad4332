import type { AccountStore } from '../accounts/account-store.js';
import { mayLogIn } from '../accounts/may-log-in.js';
import type { SendNotice } from '../accounts/security-notices.js';
import type { OneTimeTokens } from '../accounts/one-time-tokens.js';
import type { IsAbandoned } from '../accounts/passwords/hash-queue.js';
import type { PasswordHashing } from '../accounts/passwords/password-hashing.js';
import type { PasswordRules } from '../accounts/passwords/password-rules.js';
import type { RecordEvents } from '../events/security-events.js';
import type { Database } from '../database/client.js';
import { inTransaction } from '../database/transaction.js';
import { Failure } from '../errors/failure.js';
import { invalidInput, type FieldProblem } from '../errors/invalid-input.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { CountedAttempt } from '../limits/attempt-counting.js';
import type { LoginLimits } from '../limits/login-limits.js';
import type { RevokeSessions } from '../sessions/session-revocation.js';
import type { CutSession } from './session-cut.js';
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
  readonly database: Database;
  readonly accounts: AccountStore;
  readonly rules: Pick<PasswordRules, 'check'>;
  readonly hashing: PasswordHashing;
  readonly oneTimeTokens: Pick<OneTimeTokens, 'supersedeAll'>;
  readonly limits: LoginLimits;
  readonly record: RecordEvents;
  readonly sendNotice: SendNotice;
  readonly revokeSessions: RevokeSessions;
  readonly cutSession: CutSession;
  readonly issueTokens: IssueTokens;
}

/**
 * Replaces the password of the viewer's account, revokes all its other sessions, and cuts the session
 * of the request, which continues with the returned pair alone: all in one transaction.
 * @throws Failure WRONG_PASSWORD, BAD_USER_INPUT for a password that the rules reject, TOKEN_REVOKED or TOKEN_STALE
 * if the session was revoked or cut meanwhile, RATE_LIMITED, SERVICE_UNAVAILABLE
 */
export function passwordChange(parts: PasswordChangeParts): ChangePassword {
  const { database, accounts, rules, hashing, oneTimeTokens, limits, record, sendNotice } = parts;
  const { revokeSessions, cutSession, issueTokens } = parts;

  return async (viewer, change, clientInfo, isAbandoned) => {
    const counted = await limits.passwordChange(viewer.accountId, clientInfo);
    try {
      return await attempt(viewer, change, clientInfo, isAbandoned, counted);
    } catch (error) {
      const isWrong = error instanceof Failure && error.kind === 'WRONG_PASSWORD';
      if (!isWrong) await counted.takeBack();
      throw error;
    }
  };

  async function attempt(
    viewer: AuthenticatedViewer,
    { currentPassword, newPassword }: PasswordChange,
    clientInfo: ClientInfo,
    isAbandoned: IsAbandoned,
    counted: CountedAttempt,
  ): Promise<IssuedTokens> {
    const { accountId, sessionId } = viewer;
    const account = await accounts.withHash(accountId);
    const matches = await hashing.verify(currentPassword, account?.passwordHash, isAbandoned);
    const problem = await rules.check(newPassword, account ?? {}, isAbandoned);
    const problems: FieldProblem[] = problem ? [{ path: ['input', 'newPassword'], ...problem }] : [];
    if (!account || !matches) throw wrongPassword(problems);
    if (problem) throw invalidInput(problems);
    const newHash = await hashing.hash(newPassword, isAbandoned);

    const { session, refreshKey } = await inTransaction(database, async (transaction) => {
      // The session may have been revoked while the passwords were hashed. Then the password must not change.
      const current = await accounts.current(transaction, accountId);
      const cut = await cutSession(transaction, viewer);
      if (!current || !mayLogIn(current)) throw new Failure('TOKEN_REVOKED');
      if (!(await accounts.replaceHash(accountId, account.passwordHash, newHash, transaction))) throw wrongPassword();
      await oneTimeTokens.supersedeAll(transaction, accountId);
      await record(transaction, accountId, [{ kind: 'PASSWORD_CHANGED', sessionId, ...clientInfo }]);
      await revokeSessions(transaction, { accountId, exceptSessionId: sessionId }, 'PASSWORD_CHANGED', clientInfo);
      const notice = { template: 'password-changed', account: current, client: clientInfo, sessionId } as const;
      await sendNotice(transaction, notice);
      await counted.succeed(transaction);
      return cut;
    });
    return issueTokens(session, account, refreshKey);
  }
}

function wrongPassword(otherProblems: readonly FieldProblem[] = []): Failure {
  return invalidInput(
    [{ path: ['input', 'currentPassword'], reason: 'WRONG_PASSWORD' }, ...otherProblems],
    'WRONG_PASSWORD',
  );
}
