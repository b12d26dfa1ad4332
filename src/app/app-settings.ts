import type { RegistrationSettings } from '../accounts/registration.js';
import type { PasswordSettings } from '../accounts/passwords/password-hashing.js';
import type { BreachCheckSettings } from '../accounts/passwords/breached-passwords.js';
import type { PasswordRuleSettings } from '../accounts/passwords/password-rules.js';
import type { OperationLimits } from '../api/operation-limits.js';
import type { TrustedDocumentSettings } from '../api/trusted-documents/trusted-document-settings.js';
import type { AuthenticationSettings } from '../authentication/bearer-authentication.js';
import type { DatabaseSettings } from '../database/limits.js';
import type { EventSettings } from '../events/event-cleanup.js';
import type { HttpSettings } from '../http/server.js';
import type { KeyRingSettings } from '../keys/key-ring.js';
import type { MailSettings } from '../mail/mail-settings.js';
import type { DeletedAccountSettings } from '../posts/posts-of-deleted-accounts.js';
import type { SessionSettings } from '../sessions/session-expiry.js';
import type { LimitSettings } from '../limits/login-limits.js';
import type { MailLimitSettings } from '../limits/mail-requests.js';
import type { PasswordCheckLimitSettings } from '../limits/password-check-limits.js';
import type { RefreshLimitSettings } from '../limits/refresh-limits.js';
import type { AuthTokenSettings } from '../tokens/auth-token.js';

/** The settings of all folders. Each folder declares its own type; `config.ts` builds the values from the environment. */
export interface AppSettings {
  readonly database: DatabaseSettings;
  readonly keyRing: KeyRingSettings;
  readonly authToken: AuthTokenSettings;
  readonly authentication: AuthenticationSettings;
  readonly session: SessionSettings;
  readonly events: EventSettings;
  readonly registration: RegistrationSettings;
  readonly deletedAccounts: DeletedAccountSettings;
  readonly mail: MailSettings;
  readonly password: PasswordSettings;
  readonly passwordRules: PasswordRuleSettings;
  readonly breachCheck: BreachCheckSettings;
  readonly limits: LimitSettings;
  readonly mailLimits: MailLimitSettings;
  readonly passwordChecks: PasswordCheckLimitSettings;
  readonly refreshLimits: RefreshLimitSettings;
  readonly operationLimits: OperationLimits;
  readonly trustedDocuments: TrustedDocumentSettings;
  readonly http: HttpSettings;
}
