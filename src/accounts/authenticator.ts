import type { Database } from '../database/client.js';
import { inTransaction } from '../database/transaction.js';
import type { Background } from '../shared/background.js';
import { Failure } from '../shared/failure.js';
import type { Logger } from '../shared/logger.js';
import type { Origin } from '../shared/origin.js';
import type { Account, AccountStore } from './account-store.js';
import { isUsable, type PasswordHashing } from './password-hashing.js';
import type { RecordEvents } from './security-events.js';

/** Somebody who knows the password of an account, and the hash that it was found to fit. */
export interface Proven {
  readonly account: Account;
  readonly passwordHash: string;
  /** Makes a hash at today's cost if this one is cheaper. Nobody waits: a login must not fail for lack of room. */
  renewHash(): void;
}

export type Authenticator = (email: string, password: string, origin: Origin) => Promise<Proven>;

export interface AuthenticatorParts {
  readonly database: Database;
  readonly accounts: AccountStore;
  readonly hashing: PasswordHashing;
  readonly record: RecordEvents;
  readonly background: Background;
  readonly logger: Logger;
}

/**
 * Finds out whose e-mail address and password these are. An unknown address costs the same work and gets the same
 * answer as a wrong password, and so does a disabled account.
 * @throws Failure WRONG_EMAIL_OR_PASSWORD, SERVICE_UNAVAILABLE
 */
export function authenticator(parts: AuthenticatorParts): Authenticator {
  const { database, accounts, hashing, record, background, logger } = parts;

  return async (email, password, origin) => {
    const found = await accounts.findByEmail(email);
    const matches = await hashing.verify(password, found?.passwordHash);
    if (found && !isUsable(found.passwordHash)) {
      logger.error({ event: 'password_hash.unusable', accountId: found.id }, 'a stored password hash is damaged');
    }
    if (!found || !matches || found.disabledAt) {
      logger.info({ event: 'login.failed', accountId: found?.id, ...origin }, 'login failed');
      // After the answer: a write would tell by its time that the address is known.
      if (found) background.run('recording a failed login', () => recordFailure(found.id, origin));
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

  async function recordFailure(accountId: string, origin: Origin): Promise<void> {
    await inTransaction(database, (transaction) =>
      record(transaction, accountId, [{ kind: 'LOGIN_FAILED', ...origin }]),
    );
  }
}
