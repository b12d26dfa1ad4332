import type { Database } from '../database/client.js';
import { inTransaction } from '../database/transaction.js';
import { Failure } from '../errors/failure.js';
import { invalidInput } from '../errors/invalid-input.js';
import type { MailRequests } from '../limits/mail-requests.js';
import type { PasswordCheckLimits } from '../limits/password-check-limits.js';
import type { WriteMail } from '../mail/outbox.js';
import type { ClientInfo } from '../shared/client-info.js';
import { ONE_TIME_TOKEN_PREFIX } from '../tokens/one-time-token.js';
import { normalizeEmail } from './email-address.js';
import type { OneTimeTokens } from './one-time-tokens.js';
import type { IsAbandoned } from './passwords/hash-queue.js';
import type { PasswordHashing } from './passwords/password-hashing.js';
import type { PasswordRules } from './passwords/password-rules.js';
import type { AddedSignUp, NewSignUp, PendingSignUps } from './pending-sign-ups.js';
import type { PresentOneTimeToken, PresentedOneTimeToken } from './presented-one-time-token.js';
import { requireRegistration, type RegistrationSettings } from './registration.js';

export interface SignUpRequest {
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
  /** The token of the link of an invitation, or its code. */
  readonly invitation?: string | null | undefined;
}

export type SignUp = (request: SignUpRequest, clientInfo: ClientInfo, isAbandoned: IsAbandoned) => Promise<AddedSignUp>;

export interface SignUpParts {
  readonly settings: RegistrationSettings;
  /** @throws Failure SERVICE_UNAVAILABLE if this server sends no mail */
  readonly requireMail: () => void;
  readonly limits: MailRequests;
  readonly database: Database;
  readonly checks: Pick<PasswordCheckLimits, 'countSignUp'>;
  readonly rules: Pick<PasswordRules, 'check'>;
  readonly hashing: Pick<PasswordHashing, 'hash'>;
  readonly signUps: PendingSignUps;
  readonly tokens: OneTimeTokens;
  readonly present: PresentOneTimeToken;
  readonly writeMail: WriteMail;
}

/**
 * Stores a sign-up until its address is verified. It reads nothing about the address, so that work and response are the
 * same for an address that has an account. What the mail says is decided when it is sent.
 * @throws Failure FORBIDDEN if registration is closed, INVITATION_REQUIRED, BAD_USER_INPUT, RATE_LIMITED, SERVICE_UNAVAILABLE
 */
export function signUp(parts: SignUpParts): SignUp {
  const { settings, requireMail, limits, database, checks, rules, hashing, signUps, tokens, present, writeMail } =
    parts;

  return async ({ password, displayName, email: typed, invitation }, clientInfo, isAbandoned) => {
    requireRegistration(settings);
    requireMail();
    const email = normalizeEmail(typed);
    const invited = settings.mode === 'invitation' ? await presented(email, invitation, clientInfo) : undefined;
    try {
      checks.countSignUp(clientInfo);
      const problem = await rules.check(password, { email, displayName }, isAbandoned);
      if (problem) throw invalidInput([{ path: ['input', 'password'], ...problem }]);
      return await counting(email, clientInfo, async () => {
        const passwordHash = await hashing.hash(password, isAbandoned);
        return store({ email, displayName: displayName.trim(), passwordHash }, invited, clientInfo);
      });
    } catch (error) {
      await invited?.attempt.takeBack();
      throw error;
    }
  };

  /** Finds the invitation. An invitation of another address is none, and nothing tells why one is rejected. */
  async function presented(
    email: string,
    invitation: string | null | undefined,
    clientInfo: ClientInfo,
  ): Promise<PresentedOneTimeToken> {
    if (invitation == null) throw new Failure('INVITATION_REQUIRED');
    const isToken = invitation.startsWith(ONE_TIME_TOKEN_PREFIX);
    const proof = isToken ? { token: invitation } : { email, code: invitation };
    const found = await asInvitation(present('INVITATION', proof, clientInfo));
    if (found.row.email === email) return found;
    throw new Failure('INVITATION_REQUIRED', { cause: 'the invitation is for another address' });
  }

  /** Counts the mail, unless the request fails. */
  async function counting<Result>(email: string, clientInfo: ClientInfo, work: () => Promise<Result>): Promise<Result> {
    const counted = await limits.count(email, clientInfo);
    try {
      return await work();
    } catch (error) {
      await counted.takeBack();
      throw error;
    }
  }

  function store(
    newSignUp: NewSignUp,
    invited: PresentedOneTimeToken | undefined,
    clientInfo: ClientInfo,
  ): Promise<AddedSignUp> {
    const { email } = newSignUp;
    return inTransaction(database, async (transaction) => {
      const added = await signUps.add(transaction, newSignUp, clientInfo);
      if (invited) await asInvitation(tokens.consume(transaction, invited.row.id, added.id));
      const oneTimeTokenId = await tokens.issue(transaction, { purpose: 'VERIFY_EMAIL', email, signUpId: added.id });
      await writeMail(transaction, { template: 'verify-email', toAddress: email, oneTimeTokenId });
      await invited?.attempt.succeed(transaction);
      return added;
    });
  }
}

async function asInvitation<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    const isInvalid = error instanceof Failure && error.kind === 'ONE_TIME_TOKEN_INVALID';
    throw isInvalid ? new Failure('INVITATION_REQUIRED', { cause: error }) : error;
  }
}
