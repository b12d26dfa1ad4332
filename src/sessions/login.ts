import type { AccountStore } from '../accounts/account-store.js';
import type { Authenticator } from '../accounts/authenticator.js';
import type { Database } from '../database/client.js';
import { inTransaction } from '../database/transaction.js';
import { Failure } from '../shared/failure.js';
import type { Origin } from '../shared/origin.js';
import type { SessionCleanup } from './session-cleanup.js';
import type { OpenSession } from './session-opening.js';
import type { MintedPair, MintTokenPair } from './token-minting.js';

export interface Credentials {
  readonly email: string;
  readonly password: string;
  readonly deviceName?: string | undefined;
}

export type LogIn = (credentials: Credentials, origin: Origin) => Promise<MintedPair>;

export interface LoginParts {
  readonly database: Database;
  readonly accounts: AccountStore;
  readonly authenticate: Authenticator;
  readonly open: OpenSession;
  readonly mint: MintTokenPair;
  readonly cleanup: Pick<SessionCleanup, 'nudge'>;
}

/**
 * Exchanges an e-mail address and a password for a token pair of a new session.
 * @throws Failure WRONG_EMAIL_OR_PASSWORD whatever of the two is wrong, SERVICE_UNAVAILABLE when too many log in at once
 */
export function login({ database, accounts, authenticate, open, mint, cleanup }: LoginParts): LogIn {
  return async (credentials, origin) => {
    // The stored hash may be replaced while a password is checked: by another login that renews it, or by a change of
    // the password, which the second attempt finds out.
    const pair = (await attempt(credentials, origin)) ?? (await attempt(credentials, origin));
    if (!pair) throw new Failure('WRONG_EMAIL_OR_PASSWORD');
    cleanup.nudge();
    return pair;
  };

  async function attempt(credentials: Credentials, origin: Origin): Promise<MintedPair | undefined> {
    const { email, password, deviceName } = credentials;
    const { account, passwordHash, renewHash } = await authenticate(email, password, origin);
    const opened = await inTransaction(database, async (transaction) => {
      const current = await accounts.current(transaction, account.id);
      if (!current || current.disabledAt) throw new Failure('WRONG_EMAIL_OR_PASSWORD');
      return current.passwordHash === passwordHash ? open(transaction, account.id, deviceName, origin) : undefined;
    });
    if (!opened) return undefined;
    renewHash();
    return mint(opened.session, account, opened.refreshKey);
  }
}
