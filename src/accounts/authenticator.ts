import type { Background } from '../shared/background.js';
import { Failure } from '../shared/failure.js';
import type { Logger } from '../shared/logger.js';
import type { Origin } from '../shared/origin.js';
import type { Account, AccountStore } from './account-store.js';
import type { FailedLogins } from './failed-logins.js';
import { isUsable, type PasswordHashing } from './password-hashing.js';

/** Somebody who knows the password of an account, and the hash that it was found to fit. */
export interface Proven {
  readonly account: Account;
  readonly passwordHash: string;
  /** Makes a hash at today's cost if this one is cheaper. Nobody waits: a login must not fail for lack of room. */
  renewHash(): void;
}

export type Authenticator = (email: string, password: string, origin: Origin) => Promise<Proven>;

export interface AuthenticatorParts {
  readonly accounts: AccountStore;
  readonly hashing: PasswordHashing;
  readonly failed: FailedLogins;
  readonly background: Background;
  readonly logger: Logger;
}

/**
 * Finds out whose e-mail address and password these are. An unknown address costs the same work and gets the same
 * answer as a wrong password, and so does a disabled account.
 * @throws Failure WRONG_EMAIL_OR_PASSWORD, SERVICE_UNAVAILABLE
 */
export function authenticator(parts: AuthenticatorParts): Authenticator {
  const { accounts, hashing, failed, background, logger } = parts;

  return async (email, password, origin) => {
    // Whoever is turned away has not asked the database either.
    const { found, matches } = await hashing.admit(async () => {
      const found = await accounts.findByEmail(email);
      return { found, matches: await hashing.verify(password, found?.passwordHash) };
    });
    if (found && !isUsable(found.passwordHash)) {
      logger.error({ event: 'password_hash.unusable', accountId: found.id }, 'a stored password hash is damaged');
    }
    if (!found || !matches || found.disabledAt) {
      logger.info({ event: 'login.failed', accountId: found?.id, ...origin }, 'login failed');
      if (found) failed.note(found.id, origin);
      throw new Failure('WRONG_EMAIL_OR_PASSWORD');
    }
    logger.info({ event: 'login.succeeded', accountId: found.id, ...origin }, 'login succeeded');
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
