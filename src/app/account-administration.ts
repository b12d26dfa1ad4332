import { accountStore } from '../accounts/account-store.js';
import { administration, type Administration } from '../accounts/administration.js';
import { oneTimeTokens } from '../accounts/one-time-tokens.js';
import { passwordHashing, type PasswordSettings } from '../accounts/passwords/password-hashing.js';
import type { Database } from '../database/client.js';
import { eventRecording } from '../events/security-events.js';
import { loadKeyRing } from '../keys/key-ring-file.js';
import type { KeyRing, KeyRingSettings } from '../keys/key-ring.js';
import { attemptStore } from '../limits/attempt-store.js';
import type { LimitSettings } from '../limits/login-limits.js';
import { sessionRevocation } from '../sessions/session-revocation.js';
import type { Clock } from '../shared/clock.js';
import { idGenerator } from '../shared/id.js';
import type { Logger } from '../shared/logger.js';

export interface AdministrationSettings {
  readonly password: PasswordSettings;
  readonly keyRing: KeyRingSettings;
  readonly limits: LimitSettings;
}

/** The use cases of `npm run account`, in a process that serves no requests. */
export function accountAdministration(
  settings: AdministrationSettings,
  database: Database,
  clock: Clock,
  logger: Logger,
): Administration {
  const newId = idGenerator(clock);
  let ring: KeyRing | undefined;
  // Loaded on first use, because a command that only reads must not create a key ring.
  const keyRing = () => (ring ??= loadKeyRing(settings.keyRing, Math.floor(clock.nowMs() / 1000)));
  const record = eventRecording(clock, newId, keyRing);
  // This process has no revocation list. The servers read the revocation from the session rows.
  const revokeSessions = sessionRevocation({ sessionEnded: () => undefined }, record, clock, logger);
  return administration(
    database,
    accountStore(database, clock, newId),
    passwordHashing(settings.password),
    oneTimeTokens(database, keyRing, clock, newId),
    record,
    revokeSessions,
    attemptStore(database, settings.limits.maxDelaySeconds * 1000),
  );
}
