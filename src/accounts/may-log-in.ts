import type { Account } from './account-store.js';

/**
 * Whether an account may receive and use tokens. Every path that issues a token asks this one function: login, refresh,
 * password change, reauthentication and e-mail verification; and the check of an auth token against the database.
 */
export function mayLogIn({
  disabledAt,
  emailVerifiedAt,
  deletionAt,
}: Pick<Account, 'disabledAt' | 'emailVerifiedAt' | 'deletionAt'>): boolean {
  return disabledAt === null && emailVerifiedAt !== null && deletionAt === null;
}
