import type { BackgroundTasks } from '../../shared/background-tasks.js';
import { Failure } from '../../errors/failure.js';
import type { Logger } from '../../shared/logger.js';
import type { ClientInfo } from '../../shared/client-info.js';
import type { Account, AccountStore } from '../account-store.js';
import type { FailedLoginRecorder } from '../failed-login-recorder.js';
import { isWellFormedHash, type PasswordHashing } from './password-hashing.js';

/** Somebody who knows the password of an account, and the hash that it was found to fit. */
export interface VerifiedCredentials {
  readonly account: Account;
  readonly passwordHash: string;
  /** Makes a hash at today's cost if this one is cheaper. Nobody waits: a login must not fail for lack of room. */
  renewHash(): void;
}

export type AuthenticatePassword = (
  email: string,
  password: string,
  clientInfo: ClientInfo,
) => Promise<VerifiedCredentials>;

export interface PasswordAuthenticationParts {
  readonly accounts: AccountStore;
  readonly hashing: PasswordHashing;
  readonly failed: FailedLoginRecorder;
  readonly background: BackgroundTasks;
  readonly logger: Logger;
}

/**
 * Finds out whose e-mail address and password these are. An unknown address costs the same work and gets the same
 * answer as a wrong password, and so does a disabled account.
 * @throws Failure WRONG_EMAIL_OR_PASSWORD, SERVICE_UNAVAILABLE
 */
export function passwordAuthentication(parts: PasswordAuthenticationParts): AuthenticatePassword {
  const { accounts, hashing, failed, background, logger } = parts;

  return async (email, password, clientInfo) => {
    // Whoever is turned away has not asked the database either.
    const { found, matches } = await hashing.admit(async () => {
      const found = await accounts.findByEmail(email);
      return { found, matches: await hashing.verify(password, found?.passwordHash) };
    });
    if (found && !isWellFormedHash(found.passwordHash)) {
      logger.error({ event: 'password_hash.unusable', accountId: found.id }, 'a stored password hash is damaged');
    }
    if (!found || !matches || found.disabledAt) {
      logger.info({ event: 'login.failed', accountId: found?.id, ...clientInfo }, 'login failed');
      if (found) failed.note(found.id, clientInfo);
      throw new Failure('WRONG_EMAIL_OR_PASSWORD');
    }
    logger.info({ event: 'login.succeeded', accountId: found.id, ...clientInfo }, 'login succeeded');
    const { passwordHash, ...account } = found;
    return {
      account,
      passwordHash,
      renewHash() {
        if (!hashing.isOutdated(passwordHash)) return;
        background.run('renewing a password hash', async () => {
          await accounts.replaceHash(account.id, passwordHash, await hashing.hash(password));
        });
      },
    };
  };
}
