import type { Database } from '../database/client.js';
import { inTransaction } from '../database/transaction.js';
import { Failure } from '../errors/failure.js';
import type { RecordEvents } from '../events/security-events.js';
import type { ClientInfo } from '../shared/client-info.js';
import type { AuthenticatedViewer } from '../tokens/viewer.js';
import type { Account, AccountStore } from './account-store.js';

/** Changes the name that others see. The same name changes nothing. @throws Failure TOKEN_REVOKED */
export type ChangeDisplayName = (
  viewer: AuthenticatedViewer,
  displayName: string,
  clientInfo: ClientInfo,
) => Promise<Account>;

export function displayNameChange(
  database: Database,
  accounts: Pick<AccountStore, 'current' | 'setDisplayName'>,
  record: RecordEvents,
): ChangeDisplayName {
  return ({ accountId, sessionId }, given, clientInfo) =>
    inTransaction(database, async (transaction) => {
      const displayName = given.trim();
      const current = await accounts.current(transaction, accountId);
      if (!current) throw new Failure('TOKEN_REVOKED');
      if (current.displayName === displayName) return current;
      await accounts.setDisplayName(transaction, accountId, displayName);
      await record(transaction, accountId, [{ kind: 'DISPLAY_NAME_CHANGED', sessionId, ...clientInfo }]);
      return { ...current, displayName };
    });
}
