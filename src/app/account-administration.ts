import { accountStore } from '../accounts/account-store.js';
import { administration, type Administration } from '../accounts/administration.js';
import { addressUse } from '../accounts/address-use.js';
import { invitations, type Invitations } from '../accounts/invitations.js';
import { securityNotices } from '../accounts/security-notices.js';
import { oneTimeTokens } from '../accounts/one-time-tokens.js';
import { passwordHashing, type PasswordSettings } from '../accounts/passwords/password-hashing.js';
import { breachedPasswords, type BreachCheckSettings } from '../accounts/passwords/breached-passwords.js';
import { passwordRules, type PasswordRuleSettings } from '../accounts/passwords/password-rules.js';
import { passwordScoring } from '../accounts/passwords/password-scoring.js';
import type { Database } from '../database/client.js';
import { eventRecording } from '../events/security-events.js';
import { loadKeyRing } from '../keys/key-ring-file.js';
import type { KeyRing, KeyRingSettings } from '../keys/key-ring.js';
import { attemptStore } from '../limits/attempt-store.js';
import type { MailSettings } from '../mail/mail-settings.js';
import { outbox } from '../mail/outbox.js';
import type { LimitSettings } from '../limits/login-limits.js';
import { sessionRevocation } from '../sessions/session-revocation.js';
import type { Clock } from '../shared/clock.js';
import { idGenerator } from '../shared/id.js';
import type { Logger } from '../shared/logger.js';

export interface AdministrationSettings {
  readonly password: PasswordSettings;
  readonly passwordRules: PasswordRuleSettings;
  readonly breachCheck: BreachCheckSettings;
  readonly keyRing: KeyRingSettings;
  readonly limits: LimitSettings;
  readonly mail: MailSettings;
}

export interface AccountAdministration {
  readonly accounts: Administration;
  readonly invitations: Invitations;
}

/** The use cases of `npm run account`, in a process that serves no requests. */
export function accountAdministration(
  settings: AdministrationSettings,
  database: Database,
  clock: Clock,
  logger: Logger,
): AccountAdministration {
  const newId = idGenerator(clock);
  let ring: KeyRing | undefined;
  // Loaded on first use, because a command that only reads must not create a key ring.
  const keyRing = () => (ring ??= loadKeyRing(settings.keyRing, Math.floor(clock.nowMs() / 1000)));
  const record = eventRecording(clock, newId, keyRing);
  // This process has no revocation list. The servers read the revocation from the session rows.
  const revokeSessions = sessionRevocation({ sessionEnded: () => undefined }, record, clock, logger);
  const accounts = accountStore(database, clock, newId);
  const tokens = oneTimeTokens(database, keyRing, clock, newId);
  const { smtpUrl, production, publicUrl } = settings.mail;
  const write = outbox(clock, newId, () => undefined);
  // In production without SMTP, a mail would wait for ever. Otherwise the servers send it.
  const sendsMail = smtpUrl !== undefined || !production;
  const sendNotice = securityNotices(sendsMail, tokens, write, clock);
  return {
    accounts: administration(
      database,
      accounts,
      passwordRules(
        settings.passwordRules,
        passwordScoring().score,
        breachedPasswords(settings.breachCheck, clock, logger),
      ),
      passwordHashing(settings.password),
      tokens,
      record,
      revokeSessions,
      sendNotice,
      attemptStore(database, settings.limits.maxDelaySeconds * 1000),
    ),
    invitations: invitations({
      database,
      tokens,
      isTaken: addressUse(accounts, tokens),
      writeMail: sendsMail ? write : undefined,
      publicUrl,
      clock,
    }),
  };
}
