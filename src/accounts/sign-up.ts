import type { Database } from '../database/client.js';
import { inTransaction } from '../database/transaction.js';
import { Failure } from '../errors/failure.js';
import { invalidInput } from '../errors/invalid-input.js';
import type { MailRequests } from '../limits/mail-requests.js';
import type { WriteMail } from '../mail/outbox.js';
import type { ClientInfo } from '../shared/client-info.js';
import { normalizeEmail } from './email-address.js';
import type { OneTimeTokens } from './one-time-tokens.js';
import type { IsAbandoned } from './passwords/hash-queue.js';
import type { PasswordHashing } from './passwords/password-hashing.js';
import { passwordProblem } from './passwords/password-rules.js';
import type { AddedSignUp, NewSignUp, PendingSignUps } from './pending-sign-ups.js';

export interface RegistrationSettings {
  readonly isOpen: boolean;
}

export interface SignUpRequest {
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
}

export type SignUp = (request: SignUpRequest, clientInfo: ClientInfo, isAbandoned: IsAbandoned) => Promise<AddedSignUp>;

export interface SignUpParts {
  readonly settings: RegistrationSettings;
  /** @throws Failure SERVICE_UNAVAILABLE if this server sends no mail */
  readonly requireMail: () => void;
  readonly limits: MailRequests;
  readonly database: Database;
  readonly hashing: Pick<PasswordHashing, 'hash'>;
  readonly signUps: PendingSignUps;
  readonly tokens: OneTimeTokens;
  readonly writeMail: WriteMail;
}

/**
 * Stores a sign-up until its address is verified. It reads nothing about the address, so that work and response are the
 * same for an address that has an account. What the mail says is decided when it is sent.
 * @throws Failure FORBIDDEN if registration is closed, BAD_USER_INPUT, RATE_LIMITED, SERVICE_UNAVAILABLE
 */
export function signUp(parts: SignUpParts): SignUp {
  const { settings, requireMail, limits, database, hashing, signUps, tokens, writeMail } = parts;

  return async ({ password, displayName, email: typed }, clientInfo, isAbandoned) => {
    if (!settings.isOpen) {
      throw new Failure('FORBIDDEN', { publicMessage: 'Registration is closed. Ask the operator for an account.' });
    }
    requireMail();
    const email = normalizeEmail(typed);
    const problem = passwordProblem(password, email);
    if (problem) throw invalidInput([{ path: ['input', 'password'], ...problem }]);

    const counted = await limits.count(email, clientInfo);
    try {
      const passwordHash = await hashing.hash(password, isAbandoned);
      return await store({ email, displayName: displayName.trim(), passwordHash }, clientInfo);
    } catch (error) {
      await counted.takeBack();
      throw error;
    }
  };

  function store(newSignUp: NewSignUp, clientInfo: ClientInfo): Promise<AddedSignUp> {
    const { email } = newSignUp;
    return inTransaction(database, async (transaction) => {
      const added = await signUps.add(transaction, newSignUp, clientInfo);
      const oneTimeTokenId = await tokens.issue(transaction, { purpose: 'VERIFY_EMAIL', email, signUpId: added.id });
      await writeMail(transaction, { template: 'verify-email', toAddress: email, oneTimeTokenId });
      return added;
    });
  }
}
