import { Failure } from '../shared/failure.js';
import type { Logger } from '../shared/logger.js';
import type { Account, AccountStore } from './account-store.js';
import { isUsable, type PasswordHashing } from './password-hashing.js';

export type Authenticator = (email: string, password: string, ipAddress: string) => Promise<Account>;

/**
 * Finds out whose e-mail address and password these are. An unknown address costs the same work and gets the same
 * answer as a wrong password, and so does a disabled account.
 * @throws Failure WRONG_EMAIL_OR_PASSWORD, SERVICE_UNAVAILABLE
 */
export function authenticator(accounts: AccountStore, hashing: PasswordHashing, logger: Logger): Authenticator {
  return async (email, password, ipAddress) => {
    const found = await accounts.findByEmail(email);
    const matches = await hashing.verify(password, found?.passwordHash);
    if (found && !isUsable(found.passwordHash)) {
      logger.error({ event: 'password_hash.unusable', accountId: found.id }, 'a stored password hash is damaged');
    }
    if (!found || !matches || found.disabledAt) {
      logger.info({ event: 'login.failed', accountId: found?.id, ipAddress }, 'login failed');
      throw new Failure('WRONG_EMAIL_OR_PASSWORD');
    }
    const { passwordHash, ...account } = found;
    if (hashing.isOutdated(passwordHash)) {
      await accounts.replaceHash(account.id, passwordHash, await hashing.hash(password));
    }
    logger.info({ event: 'login.succeeded', accountId: account.id, ipAddress }, 'login succeeded');
    return account;
  };
}
