import type { BackgroundTasks } from '../../shared/background-tasks.js';
import { Failure } from '../../errors/failure.js';
import type { CountedAttempt } from '../../limits/attempt-counting.js';
import type { LoginLimits } from '../../limits/login-limits.js';
import type { Clock } from '../../shared/clock.js';
import type { Logger } from '../../shared/logger.js';
import type { ClientInfo } from '../../shared/client-info.js';
import type { Account, AccountStore } from '../account-store.js';
import { normalizeEmail } from '../email-address.js';
import type { FailedLoginRecorder } from '../failed-login-recorder.js';
import { isUsable } from '../may-log-in.js';
import type { IsAbandoned } from './hash-queue.js';
import { isWellFormedHash, type PasswordHashing } from './password-hashing.js';

/** An account whose password was verified, and the hash that the password matched. */
export interface VerifiedCredentials {
  readonly account: Account;
  readonly passwordHash: string;
  /** Counts as failed until the login has succeeded. */
  readonly attempt: CountedAttempt;
  /** Replaces a hash of lower cost, in the background: a full queue must not fail the login. */
  renewHash(): void;
}

export type AuthenticatePassword = (
  email: string,
  password: string,
  clientInfo: ClientInfo,
  isAbandoned: IsAbandoned,
) => Promise<VerifiedCredentials>;

/**
 * Verifies an e-mail address and a password. An unknown address and an account that may not log in cost the same work and
 * get the same error as a wrong password.
 * @throws Failure WRONG_EMAIL_OR_PASSWORD, RATE_LIMITED, SERVICE_UNAVAILABLE
 */
export function passwordAuthentication(
  accounts: AccountStore,
  hashing: PasswordHashing,
  limits: LoginLimits,
  failed: FailedLoginRecorder,
  background: BackgroundTasks,
  clock: Clock,
  logger: Logger,
): AuthenticatePassword {
  return async (email, password, clientInfo, isAbandoned) => {
    // The capacity is checked first, so that a rejected login counts no attempt. A flood of logins from elsewhere must not
    // keep the owner out.
    const { found, matches, attempt } = await hashing.reserve(
      isAbandoned,
      async (verify) => {
        const attempt = await limits.login(normalizeEmail(email), clientInfo);
        try {
          const found = await accounts.findByEmail(email);
          return { found, matches: await verify(password, found?.passwordHash), attempt };
        } catch (error) {
          await attempt.takeBack();
          throw error;
        }
      },
      () => limits.isTrusted(normalizeEmail(email), clientInfo),
    );
    if (found && !isWellFormedHash(found.passwordHash)) {
      logger.error({ event: 'password_hash.unusable', accountId: found.id }, 'a stored password hash is damaged');
    }
    if (!found || !matches || !isUsable(found, clock.nowMs())) {
      logger.info({ event: 'login.failed', accountId: found?.id, ...clientInfo }, 'login failed');
      failed.add(normalizeEmail(email), found?.id, clientInfo);
      throw new Failure('WRONG_EMAIL_OR_PASSWORD');
    }
    const { passwordHash, ...account } = found;
    return {
      account,
      passwordHash,
      attempt,
      renewHash() {
        if (!hashing.isOutdated(passwordHash)) return;
        background.run('renewing a password hash', async () => {
          await accounts.replaceHash(account.id, passwordHash, await hashing.hash(password));
        });
      },
    };
  };
}
