import type { Database } from '../database/client.js';
import type { Role } from '../database/generated/enums.js';
import { inTransaction } from '../database/transaction.js';
import { Failure } from '../errors/failure.js';
import type { RecordEvents } from '../events/security-events.js';
import type { AttemptStore, LimitState } from '../limits/attempt-store.js';
import { addressKeys, emailPrefixes, passwordChangeKey } from '../limits/limit-keys.js';
import type { Account, AccountStore, AccountWithHash } from './account-store.js';
import { normalizeEmail } from './email-address.js';
import type { OneTimeTokens } from './one-time-tokens.js';
import type { PasswordContext } from './passwords/context-words.js';
import type { PasswordHashing } from './passwords/password-hashing.js';
import type { PasswordRules } from './passwords/password-rules.js';
import type { RevokeAll } from './revoke-all.js';
import type { SendNotice } from './security-notices.js';

export interface AccountToCreate {
  readonly email: string;
  readonly displayName: string;
  readonly password: string;
}

/** The use cases of an operator. They identify accounts by e-mail address. */
export interface Administration {
  /** @throws Failure BAD_USER_INPUT, CONFLICT if the address is taken */
  create(account: AccountToCreate): Promise<Account>;
  list(): Promise<Account[]>;
  /** @throws Failure NOT_FOUND */
  find(email: string): Promise<Account>;
  /** Disables an account, revokes its sessions, and resolves to their number. @throws Failure NOT_FOUND */
  disable(email: string): Promise<number>;
  /** @throws Failure NOT_FOUND */
  enable(email: string): Promise<void>;
  /** Makes auth tokens with the previous role stale. @throws Failure NOT_FOUND */
  changeRole(email: string, role: Role): Promise<void>;
  /** Replaces a password, revokes all sessions, and resolves to their number. @throws Failure NOT_FOUND, BAD_USER_INPUT */
  setPassword(email: string, password: string): Promise<number>;
  /** Revokes all sessions and resolves to their number. @throws Failure NOT_FOUND */
  revokeSessions(email: string): Promise<number>;
  /** The limits of logins, codes, password changes and mails of an e-mail address, from all client addresses. */
  limits(email: string): Promise<LimitState[]>;
  /** Clears these limits, or those of a client address. Resolves to their number. */
  clearLimits(emailOrAddress: string): Promise<number>;
  /** Deletes a disabled account with its sessions, posts and events. @throws Failure NOT_FOUND, CONFLICT */
  remove(email: string): Promise<void>;
}

const RESERVED =
  'An account had this address until a few days ago, and its owner can still restore it. Retry in 72 hours.';

export function administration(
  database: Database,
  accounts: AccountStore,
  rules: Pick<PasswordRules, 'check'>,
  hashing: Pick<PasswordHashing, 'hash'>,
  tokens: Pick<OneTimeTokens, 'supersedeAll' | 'isReserved'>,
  record: RecordEvents,
  revokeAll: RevokeAll,
  sendNotice: SendNotice,
  attempts: Pick<AttemptStore, 'find' | 'clear'>,
): Administration {
  async function find(email: string): Promise<AccountWithHash> {
    const account = await accounts.findByEmail(email);
    if (!account) throw new Failure('NOT_FOUND', { publicMessage: 'There is no account with this address.' });
    return account;
  }

  async function hashOf(password: string, context: PasswordContext): Promise<string> {
    const problem = await rules.check(password, context);
    if (problem) throw new Failure('BAD_USER_INPUT', { publicMessage: problem.message });
    return hashing.hash(password);
  }

  async function limits(email: string): Promise<LimitState[]> {
    const account = await accounts.findByEmail(email);
    return attempts.find([
      ...emailPrefixes(normalizeEmail(email)),
      ...(account ? [passwordChangeKey(account.id)] : []),
    ]);
  }

  return {
    async create({ email, displayName, password }) {
      if (await tokens.isReserved(normalizeEmail(email))) throw new Failure('CONFLICT', { publicMessage: RESERVED });
      const passwordHash = await hashOf(password, { email, displayName });
      return accounts.create({ email, displayName, passwordHash });
    },
    list: () => accounts.list(),
    find,
    async disable(email) {
      const { id } = await find(email);
      // In one transaction, so that a disabled account never has an active session.
      const revoked = await inTransaction(database, async (transaction) => {
        await accounts.setDisabled(transaction, id, true);
        await record(transaction, id, [{ kind: 'ACCOUNT_DISABLED' }]);
        return revokeAll(transaction, { accountId: id }, 'ACCOUNT_DISABLED');
      });
      return revoked.length;
    },
    async enable(email) {
      const { id } = await find(email);
      await inTransaction(database, async (transaction) => {
        await accounts.setDisabled(transaction, id, false);
        await record(transaction, id, [{ kind: 'ACCOUNT_ENABLED' }]);
      });
    },
    async changeRole(email, role) {
      const { id } = await find(email);
      await inTransaction(database, async (transaction) => {
        const changed = await accounts.setRole(transaction, id, role);
        if (changed) await record(transaction, id, [{ kind: 'ROLE_CHANGED', detail: { role } }]);
      });
    },
    async setPassword(email, password) {
      const account = await find(email);
      const { id } = account;
      const passwordHash = await hashOf(password, account);
      const revoked = await inTransaction(database, async (transaction) => {
        const current = await accounts.current(transaction, id);
        if (!current) throw new Failure('NOT_FOUND', { publicMessage: 'The account was deleted meanwhile.' });
        await accounts.replaceHash(id, current.passwordHash, passwordHash, transaction);
        await tokens.supersedeAll(transaction, id);
        await record(transaction, id, [{ kind: 'PASSWORD_CHANGED' }]);
        await sendNotice(transaction, { template: 'password-set', account: current });
        return revokeAll(transaction, { accountId: id }, 'PASSWORD_CHANGED');
      });
      return revoked.length;
    },
    async revokeSessions(email) {
      const { id } = await find(email);
      return (await inTransaction(database, (transaction) => revokeAll(transaction, { accountId: id }, 'REVOKED')))
        .length;
    },
    limits,
    async clearLimits(emailOrAddress) {
      if (!emailOrAddress.includes('@')) return attempts.clear(addressKeys(emailOrAddress));
      return attempts.clear((await limits(emailOrAddress)).map(({ key }) => key));
    },
    async remove(email) {
      const { id, disabledAt } = await find(email);
      // Servers learn of revocations from the session rows, which are deleted with the account.
      if (!disabledAt) throw new Failure('CONFLICT', { publicMessage: 'Disable the account before you delete it.' });
      await database.account.delete({ where: { id } });
    },
  };
}
