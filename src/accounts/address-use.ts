import type { AccountStore } from './account-store.js';
import type { OneTimeTokens } from './one-time-tokens.js';

/** Whether an address belongs to an account, except this one, or to one that can still undo a change of its address. */
export type IsTaken = (email: string, exceptAccountId?: string) => Promise<boolean>;

export function addressUse(
  accounts: Pick<AccountStore, 'findByEmail'>,
  tokens: Pick<OneTimeTokens, 'isReserved'>,
): IsTaken {
  return async (email, exceptAccountId) => {
    const account = await accounts.findByEmail(email);
    return (account && account.id !== exceptAccountId) || tokens.isReserved(email, exceptAccountId);
  };
}
