import type { AccountStore } from '../accounts/account-store.js';
import { dataExport, type ExportData } from '../accounts/data-export.js';
import { displayNameChange, type ChangeDisplayName } from '../accounts/display-name-change.js';
import { emailChange, type EmailChange } from '../accounts/email-change.js';
import { exportedAccounts } from '../accounts/exported-accounts.js';
import type { IsTaken } from '../accounts/address-use.js';
import type { OneTimeTokens } from '../accounts/one-time-tokens.js';
import type { PasswordHashing } from '../accounts/passwords/password-hashing.js';
import type { PasswordRules } from '../accounts/passwords/password-rules.js';
import { passwordReset, type PasswordReset } from '../accounts/password-reset.js';
import type { PendingSignUps } from '../accounts/pending-sign-ups.js';
import type { PresentOneTimeToken } from '../accounts/presented-one-time-token.js';
import { requireRegistration } from '../accounts/registration.js';
import type { SendNotice } from '../accounts/security-notices.js';
import { signUp, type SignUp } from '../accounts/sign-up.js';
import { verificationResending, type ResendVerification } from '../accounts/verification-resending.js';
import type { Databases } from '../database/databases.js';
import { exportedEvents } from '../events/exported-events.js';
import type { RecordEvents } from '../events/security-events.js';
import type { MailRequests } from '../limits/mail-requests.js';
import type { PasswordCheckLimits } from '../limits/password-check-limits.js';
import { exportedMails } from '../mail/exported-mails.js';
import { exportedPosts } from '../posts/exported-posts.js';
import { exportedSessions } from '../sessions/exported-sessions.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import type { AppSettings } from './app-settings.js';
import type { Mail } from './mail-services.js';
import type { Sessions } from './session-services.js';

/** The life of an account, apart from what issues tokens. */
export interface AccountServices {
  readonly signUp: SignUp;
  readonly resendVerification: ResendVerification;
  readonly reset: PasswordReset;
  readonly emailChange: EmailChange;
  readonly changeDisplayName: ChangeDisplayName;
  readonly exportData: ExportData;
}

export interface AccountServicesParts extends Databases {
  readonly settings: AppSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly accounts: AccountStore;
  readonly checks: PasswordCheckLimits;
  readonly rules: PasswordRules;
  readonly hashing: PasswordHashing;
  readonly tokens: OneTimeTokens;
  readonly present: PresentOneTimeToken;
  readonly signUps: PendingSignUps;
  readonly isTaken: IsTaken;
  readonly mail: Mail;
  readonly limits: MailRequests;
  readonly sendNotice: SendNotice;
  readonly record: RecordEvents;
  readonly sessions: Pick<Sessions, 'revokeAll' | 'requireRecentLogin'>;
}

/** Constructs the services around accounts. */
export function createAccountServices(parts: AccountServicesParts): AccountServices {
  const { settings, database, postsDatabase, accounts, record, mail } = parts;
  const { requireRecentLogin, revokeAll } = parts.sessions;
  const shared = { ...parts, requireMail: mail.require, writeMail: mail.write, requireRecentLogin, revokeAll };
  return {
    signUp: signUp({ ...shared, settings: settings.registration }),
    resendVerification: verificationResending({
      ...shared,
      requireRegistration: () => requireRegistration(settings.registration),
    }),
    reset: passwordReset(shared),
    emailChange: emailChange(shared),
    changeDisplayName: displayNameChange(database, accounts, record),
    exportData: dataExport(
      [
        ...exportedAccounts(database),
        exportedMails(database),
        exportedEvents(database),
        exportedSessions(database),
        exportedPosts(postsDatabase),
      ],
      requireRecentLogin,
    ),
  };
}
