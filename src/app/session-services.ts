import type { AccountStore } from '../accounts/account-store.js';
import { accountDeletion, type AccountContent, type AccountDeletion } from '../accounts/account-deletion.js';
import type { RequireRecentLogin } from '../accounts/require-recent-login.js';
import type { SendNotice } from '../accounts/security-notices.js';
import type { WriteMail } from '../mail/outbox.js';
import { recentLogin } from '../sessions/recent-login.js';
import type { IsTaken } from '../accounts/address-use.js';
import type { OneTimeTokens } from '../accounts/one-time-tokens.js';
import type { RevokeAll } from '../accounts/revoke-all.js';
import type { PresentOneTimeToken } from '../accounts/presented-one-time-token.js';
import type { PendingSignUps } from '../accounts/pending-sign-ups.js';
import type { AuthenticatePassword } from '../accounts/passwords/password-authentication.js';
import type { PasswordHashing } from '../accounts/passwords/password-hashing.js';
import type { PasswordRules } from '../accounts/passwords/password-rules.js';
import type { RecordEvents } from '../events/security-events.js';
import type { Cleanup } from '../shared/cleanup-rounds.js';
import type { AppSettings } from './app-settings.js';
import type { Database } from '../database/client.js';
import type { Clock } from '../shared/clock.js';
import type { LoginLimits } from '../limits/login-limits.js';
import { refreshLimits } from '../limits/refresh-limits.js';
import type { NewId } from '../shared/id.js';
import type { Logger } from '../shared/logger.js';
import { boundedCache } from '../shared/bounded-cache.js';
import type { AuthTokenClaims } from '../tokens/auth-token.js';
import { reportCaches } from './cache-report.js';
import { authentication, type Authenticate, type ConfirmViewer } from '../authentication/bearer-authentication.js';
import { seenSessions } from '../authentication/seen-sessions.js';
import type { KeyRingSource } from '../keys/key-ring-source.js';
import type { KeyRing } from '../keys/key-ring.js';
import { browserTokens, type BrowserTokens } from '../grants/browser-tokens.js';
import { emailVerification, type ActivateAccount, type VerifyEmail } from '../grants/email-verification.js';
import { login, type LogIn } from '../grants/login.js';
import { logout, type LogOut } from '../grants/logout.js';
import { passwordChange, type ChangePassword } from '../grants/password-change.js';
import { reauthentication, type Reauthenticate } from '../grants/reauthentication.js';
import { refresh, type Refresh } from '../grants/refresh.js';
import { revocationFeed } from '../revocation/start-feed.js';
import { revocationList } from '../revocation/revocation-list.js';
import { sessionCut } from '../grants/session-cut.js';
import { suspiciousExchanges } from '../grants/suspicious-exchanges.js';
import { sessionRotation } from '../grants/session-rotation.js';
import { sessionCleanup } from '../sessions/session-cleanup.js';
import { sessionRevocation } from '../sessions/session-revocation.js';
import { sessionOpening } from '../sessions/session-opening.js';
import { reportedSessions, type RevokeReportedSession } from '../sessions/reported-sessions.js';
import { ownSessions, type OwnSessions } from '../sessions/own-sessions.js';
import { sessionStore } from '../sessions/session-store.js';
import { tokenIssuance } from '../grants/token-issuance.js';

/** The services around sessions and tokens, and their start and stop. */
export interface Sessions {
  readonly logIn: LogIn;
  readonly refresh: Refresh;
  readonly logOut: LogOut;
  readonly changePassword: ChangePassword;
  readonly reauthenticate: Reauthenticate;
  readonly verifyEmail: VerifyEmail;
  readonly activateAccount: ActivateAccount;
  readonly own: OwnSessions;
  readonly revokeReported: RevokeReportedSession;
  /** Decides which of the refresh tokens of a browser counts. */
  readonly browserTokens: BrowserTokens;
  /** Turns an Authorization header into a viewer. */
  readonly authenticate: Authenticate;
  /** Reads whether a viewer's session is still active. */
  readonly confirm: ConfirmViewer;
  readonly revokeAll: RevokeAll;
  readonly requireRecentLogin: RequireRecentLogin;
  readonly deletion: AccountDeletion;
  /** The current keys. */
  keyRing(): KeyRing;
  /** Reads what was revoked before this process started. */
  start(): Promise<void>;
  /** Whether the revocation list of this process is known to be complete. */
  isFresh(): boolean;
  stop(): void;
  /** Resolves when the background writes of seen generations and the clean-up are done. */
  drain(): Promise<void>;
}

export interface SessionsParts {
  readonly settings: AppSettings;
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly keys: KeyRingSource;
  readonly newId: NewId;
  readonly accounts: AccountStore;
  readonly rules: PasswordRules;
  readonly hashing: PasswordHashing;
  readonly oneTimeTokens: OneTimeTokens;
  readonly presentOneTimeToken: PresentOneTimeToken;
  readonly signUps: PendingSignUps;
  readonly isTaken: IsTaken;
  readonly content: AccountContent;
  readonly writeMail: WriteMail;
  readonly sendNotice: SendNotice;
  readonly limits: LoginLimits;
  readonly record: RecordEvents;
  /** The clean-ups of other tables, which logins start too. */
  readonly cleanups: readonly Cleanup[];
  readonly authenticate: AuthenticatePassword;
}

/** Constructs the services around sessions and tokens. */
export function createSessions(parts: SessionsParts): Sessions {
  const { settings, database, clock, logger, keys, newId, accounts, rules, hashing, oneTimeTokens } = parts;
  const { limits, record, cleanups, authenticate, signUps, isTaken, sendNotice } = parts;
  const { ttlSeconds } = settings.authToken;

  const ring = () => keys.current();
  const store = sessionStore(database);
  const seen = seenSessions(store, clock, logger, settings.authentication.cachedSessions);
  const verified = boundedCache<AuthTokenClaims>(settings.authentication.cachedTokens);
  const stopReport = reportCaches(logger, () => ({ authTokens: verified.usage(), sessions: seen.usage() }));
  const revocations = revocationList(clock, ttlSeconds);
  const feed = revocationFeed({
    databaseSettings: settings.database,
    authTokenTtlSeconds: ttlSeconds,
    database,
    revocations,
    clock,
    logger,
  });
  const cleanup = sessionCleanup(database, clock, ttlSeconds, logger);

  const revokeSessions = sessionRevocation(revocations, record, clock, logger);
  const issueTokens = tokenIssuance(settings.authToken, settings.keyRing.algorithm, ring, clock, seen);
  const openSession = sessionOpening({ settings: settings.session, revokeSessions, record, ring, clock, newId });
  const cutSession = sessionCut(settings.session, ring, revocations, clock);
  const suspicious = suspiciousExchanges(database, accounts, revokeSessions, record, sendNotice, logger);
  const rotation = sessionRotation(settings.session, store, accounts, issueTokens, clock);
  const refreshing = refreshLimits(settings.refreshLimits, clock);
  const requireRecentLogin = recentLogin(store, clock);
  const deletion = accountDeletion({
    database,
    accounts,
    content: parts.content,
    tokens: oneTimeTokens,
    requireRecentLogin,
    revokeAll: revokeSessions,
    record,
    writeMail: parts.writeMail,
    clock,
    logger,
  });
  const logOut = logout({ database, store, ring, revokeSessions, limits: refreshing, clock });
  const verification = { settings: settings.authToken, ring, clock };

  return {
    logIn: login({
      database,
      accounts,
      authenticate,
      openSession,
      issueTokens,
      cleanups: [cleanup, ...cleanups],
      restore: deletion.restore,
      sendNotice,
      clock,
      logger,
    }),
    refresh: refresh({
      settings: settings.session,
      store,
      ring,
      seen,
      rotation,
      suspicious,
      limits: refreshing,
      clock,
      logger,
    }),
    logOut,
    browserTokens: browserTokens(store, ring, logOut, clock),
    changePassword: passwordChange({
      database,
      accounts,
      rules,
      hashing,
      oneTimeTokens,
      limits,
      record,
      sendNotice,
      revokeSessions,
      cutSession,
      issueTokens,
    }),
    reauthenticate: reauthentication({ database, accounts, authenticate, record, cutSession, issueTokens, logger }),
    ...emailVerification({
      database,
      accounts,
      signUps,
      tokens: oneTimeTokens,
      present: parts.presentOneTimeToken,
      isTaken,
      rules,
      hashing,
      record,
      openSession,
      issueTokens,
      logger,
    }),
    revokeAll: revokeSessions,
    requireRecentLogin,
    deletion,
    revokeReported: reportedSessions({
      database,
      accounts,
      tokens: oneTimeTokens,
      present: parts.presentOneTimeToken,
      record,
      revokeSessions,
      logger,
    }),
    own: ownSessions(database, store, revokeSessions, clock),
    ...authentication({ ...verification, verified, store, accounts, seen, revocations, feed }),
    keyRing: ring,
    start: () => feed.start(),
    isFresh: () => feed.isFresh(),
    stop() {
      feed.stop();
      cleanup.stop();
      keys.stop();
      stopReport();
    },
    async drain() {
      await Promise.all([seen.drain(), cleanup.drain()]);
    },
  };
}
