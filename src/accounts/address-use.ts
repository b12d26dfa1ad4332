import type { AccountStore } from './account-store.js';
import type { OneTimeTokens } from './one-time-tokens.js';

/** Whether an address belongs to an account, or to one that can still undo a change of its address. */
export type IsTaken = (email: string) => Promise<boolean>;

export function addressUse(
  accounts: Pick<AccountStore, 'findByEmail'>,
  tokens: Pick<OneTimeTokens, 'isReserved'>,
): IsTaken {
  return async (email) => (await accounts.findByEmail(email)) !== undefined || tokens.isReserved(email);
}
