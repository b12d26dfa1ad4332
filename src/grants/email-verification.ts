import type { Account, AccountStore } from '../accounts/account-store.js';
import type { IsTaken } from '../accounts/address-use.js';
import { mayLogIn } from '../accounts/may-log-in.js';
import type { OneTimeTokens } from '../accounts/one-time-tokens.js';
import type { IsAbandoned } from '../accounts/passwords/hash-queue.js';
import type { PasswordHashing } from '../accounts/passwords/password-hashing.js';
import type { PasswordRules } from '../accounts/passwords/password-rules.js';
import type { PendingSignUp, PendingSignUps } from '../accounts/pending-sign-ups.js';
import type {
  PresentedOneTimeToken,
  PresentedProof,
  PresentOneTimeToken,
} from '../accounts/presented-one-time-token.js';
import type { Database } from '../database/client.js';
import { inTransaction, type Transaction } from '../database/transaction.js';
import { Failure } from '../errors/failure.js';
import { invalidInput } from '../errors/invalid-input.js';
import type { RecordEvents } from '../events/security-events.js';
import type { OpenSession } from '../sessions/session-opening.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { Logger } from '../shared/logger.js';
import type { IssuedTokens, IssueTokens } from './token-issuance.js';

type Given = string | null | undefined;

/** Proof that mail to the address arrives. */
export interface VerificationRequest extends PresentedProof {
  /** Proof of who signed up. */
  readonly continuation?: Given;
  readonly password?: Given;
  readonly newPassword?: Given;
  readonly deviceName?: Given;
}

/** Activates and logs in. Resolves to undefined, and changes nothing, if the request does not prove who signed up. */
export type VerifyEmail = (
  request: VerificationRequest,
  clientInfo: ClientInfo,
  isAbandoned: IsAbandoned,
) => Promise<IssuedTokens | undefined>;

/** Activates and opens no session, for clients that keep no tokens. Resolves to whether the account was activated. */
export type ActivateAccount = (
  request: VerificationRequest,
  clientInfo: ClientInfo,
  isAbandoned: IsAbandoned,
) => Promise<boolean>;

/** What else is written in the transaction that creates the account. */
type AlsoWrite<Result> = (transaction: Transaction, account: Account) => Promise<Result>;

export interface VerificationParts {
  readonly database: Database;
  readonly accounts: AccountStore;
  readonly signUps: PendingSignUps;
  readonly tokens: OneTimeTokens;
  readonly present: PresentOneTimeToken;
  readonly isTaken: IsTaken;
  readonly rules: Pick<PasswordRules, 'check'>;
  readonly hashing: PasswordHashing;
  readonly record: RecordEvents;
  readonly openSession: OpenSession;
  readonly issueTokens: IssueTokens;
  readonly logger: Logger;
}

/**
 * Activates the account of a sign-up. The mail proves that somebody reads it: the owner of the address, or a program that
 * opens links. It does not prove who signed up, so a second proof selects the sign-up that becomes the account: otherwise
 * a stranger who signed up with this address would get an account that its owner has verified.
 * @throws Failure ONE_TIME_TOKEN_INVALID, WRONG_PASSWORD, BAD_USER_INPUT, CONFLICT if another request created an account
 * with the address at the same moment, RATE_LIMITED, SERVICE_UNAVAILABLE
 */
export function emailVerification(parts: VerificationParts): {
  readonly verifyEmail: VerifyEmail;
  readonly activateAccount: ActivateAccount;
} {
  const { database, accounts, signUps, tokens, present, isTaken, rules, hashing, record } = parts;
  const { openSession, issueTokens, logger } = parts;

  return {
    async verifyEmail(request, clientInfo, isAbandoned) {
      const opened = await verify(request, clientInfo, isAbandoned, async (transaction, account) => ({
        account,
        ...(await openSession(transaction, account.id, request.deviceName ?? undefined, clientInfo)),
      }));
      return opened && issueTokens(opened.session, opened.account, opened.refreshKey);
    },

    async activateAccount(request, clientInfo, isAbandoned) {
      return (await verify(request, clientInfo, isAbandoned, async () => true)) ?? false;
    },
  };

  async function verify<Result>(
    request: VerificationRequest,
    clientInfo: ClientInfo,
    isAbandoned: IsAbandoned,
    alsoWrite: AlsoWrite<Result>,
  ): Promise<Result | undefined> {
    if (request.newPassword != null && request.code == null) {
      throw invalidInput([{ path: ['input', 'code'], reason: 'REQUIRED' }]);
    }
    const presented = await present('VERIFY_EMAIL', request, clientInfo);
    try {
      const signUp = await findProven(presented, request, isAbandoned);
      if (signUp) return await activate(presented, signUp, clientInfo, alsoWrite);
      await presented.attempt.takeBack();
      return undefined;
    } catch (error) {
      await presented.attempt.takeBack();
      throw error;
    }
  }

  async function findProven(
    { row }: PresentedOneTimeToken,
    request: VerificationRequest,
    isAbandoned: IsAbandoned,
  ): Promise<PendingSignUp | undefined> {
    const mailed = row.signUpId === null ? undefined : await signUps.find(row.signUpId);
    if (!mailed || (await isTaken(mailed.email))) throw new Failure('ONE_TIME_TOKEN_INVALID');
    const proven = await provenSignUp(request, mailed, isAbandoned);
    // Another request may have activated the account while this one looked for the sign-up.
    if (!proven && !(await tokens.findActive(row.id))) throw new Failure('ONE_TIME_TOKEN_INVALID');
    return proven;
  }

  /** The sign-up that the request proves to be the client's own, with the password that the account gets. */
  async function provenSignUp(
    { continuation, password, newPassword }: VerificationRequest,
    mailed: PendingSignUp,
    isAbandoned: IsAbandoned,
  ): Promise<PendingSignUp | undefined> {
    // A person who signed up twice may open either mail: each proves the address, and the secret selects the sign-up.
    const continued = continuation != null && (await signUps.findByContinuation(mailed.email, continuation));
    if (continued) return continued;
    if (newPassword != null) {
      const problem = await rules.check(newPassword, mailed, isAbandoned);
      if (problem) throw invalidInput([{ path: ['input', 'newPassword'], ...problem }]);
      return { ...mailed, passwordHash: await hashing.hash(newPassword, isAbandoned) };
    }
    if (password == null) return undefined;
    if (await hashing.verify(password, mailed.passwordHash, isAbandoned)) return mailed;
    const message = 'This is not the password that was chosen when signing up.';
    throw invalidInput([{ path: ['input', 'password'], reason: 'WRONG_PASSWORD', message }], 'WRONG_PASSWORD');
  }

  async function activate<Result>(
    { row, attempt }: PresentedOneTimeToken,
    signUp: PendingSignUp,
    clientInfo: ClientInfo,
    alsoWrite: AlsoWrite<Result>,
  ): Promise<Result> {
    const { email, displayName, passwordHash, ipAddress, userAgent } = signUp;
    const { account, written } = await inTransaction(database, async (transaction) => {
      await tokens.consume(transaction, row.id);
      await signUps.deleteAll(transaction, email);
      const account = await accounts.create({ email, displayName, passwordHash }, transaction);
      if (!mayLogIn(account)) throw new Failure('ONE_TIME_TOKEN_INVALID');
      await record(transaction, account.id, [
        { kind: 'SIGNED_UP', ipAddress: ipAddress ?? undefined, userAgent: userAgent ?? undefined },
        { kind: 'EMAIL_VERIFIED', ...clientInfo },
      ]);
      const written = await alsoWrite(transaction, account);
      await attempt.succeed(transaction);
      return { account, written };
    });
    logger.info({ event: 'account.activated', accountId: account.id, ...clientInfo }, 'an account was activated');
    return written;
  }
}
