import type { Account } from './account-store.js';

type State = Pick<Account, 'disabledAt' | 'emailVerifiedAt' | 'deletionAt'>;

/**
 * Whether an account may receive and use tokens. Every path that issues a token asks this one function: login, refresh,
 * password change, reauthentication and e-mail verification; and the check of an auth token against the database.
 */
export function mayLogIn({ disabledAt, emailVerifiedAt, deletionAt }: State): boolean {
  return disabledAt === null && emailVerifiedAt !== null && deletionAt === null;
}

/** Whether a login restores the account: it waits for its deletion, which is not due. */
export function isRestorable(account: State, nowMs: number): boolean {
  const { deletionAt } = account;
  return deletionAt !== null && deletionAt.getTime() > nowMs && mayLogIn({ ...account, deletionAt: null });
}

/** Whether the owner of an account may log in, after which it may receive tokens. */
export function isUsable(account: State, nowMs: number): boolean {
  return mayLogIn(account) || isRestorable(account, nowMs);
}
