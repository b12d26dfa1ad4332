import { accountStore } from '../accounts/account-store.js';
import { administration, type Administration } from '../accounts/administration.js';
import { passwordHashing, type PasswordSettings } from '../accounts/passwords/password-hashing.js';
import type { Database } from '../database/client.js';
import { eventRecording } from '../events/security-events.js';
import { sessionRevocation } from '../sessions/session-revocation.js';
import type { Clock } from '../shared/clock.js';
import { idGenerator } from '../shared/id.js';
import type { Logger } from '../shared/logger.js';

export interface AdministrationSettings {
  readonly password: PasswordSettings;
}

/** The use cases of `npm run account`, in a process that serves no requests. */
export function accountAdministration(
  settings: AdministrationSettings,
  database: Database,
  clock: Clock,
  logger: Logger,
): Administration {
  const newId = idGenerator(clock);
  const record = eventRecording(clock, newId);
  // This process has no revocation list. The servers read the revocation from the session rows.
  const revokeSessions = sessionRevocation({ sessionEnded: () => undefined }, record, clock, logger);
  return administration({
    database,
    accounts: accountStore(database, clock, newId),
    hashing: passwordHashing(settings.password),
    record,
    revokeAll: (transaction, accountId, reason) => revokeSessions(transaction, { accountId }, reason),
  });
}
