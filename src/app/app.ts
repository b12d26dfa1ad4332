import 'reflect-metadata'; // before any decorated class
import type { FastifyInstance } from 'fastify';
import { accountStore, type AccountStore } from '../accounts/account-store.js';
import { accountCleanup } from '../accounts/account-cleanup.js';
import { AccountLifeResolver } from '../accounts/account-life.resolver.js';
import { postsOfDeletedAccounts } from '../posts/posts-of-deleted-accounts.js';
import { AccountResolver } from '../accounts/account.resolver.js';
import { addressUse } from '../accounts/address-use.js';
import { mailComposition } from '../accounts/mail-composition.js';
import { oneTimeCleanup } from '../accounts/one-time-cleanup.js';
import { oneTimeTokens } from '../accounts/one-time-tokens.js';
import { publicAccounts } from '../accounts/public-accounts.js';
import { EmailChangeResolver } from '../accounts/email-change.resolver.js';
import { PasswordResetResolver } from '../accounts/password-reset.resolver.js';
import { presentedOneTimeToken } from '../accounts/presented-one-time-token.js';
import { pendingSignUps } from '../accounts/pending-sign-ups.js';
import { SignUpResolver } from '../accounts/sign-up.resolver.js';
import { passwordAuthentication } from '../accounts/passwords/password-authentication.js';
import { failedLoginNotice } from '../accounts/failed-login-notice.js';
import { securityNotices } from '../accounts/security-notices.js';
import { failedLoginRecorder } from '../accounts/failed-login-recorder.js';
import { breachedPasswords } from '../accounts/passwords/breached-passwords.js';
import { passwordRules } from '../accounts/passwords/password-rules.js';
import { PasswordStrengthResolver } from '../accounts/passwords/password-strength.resolver.js';
import { passwordScoring, type ScorePassword } from '../accounts/passwords/password-scoring.js';
import type { HashThreads } from '../accounts/passwords/hash-threads.js';
import { passwordHashing, type PasswordHashing } from '../accounts/passwords/password-hashing.js';
import { eventCleanup } from '../events/event-cleanup.js';
import { eventHeads } from '../events/event-heads.js';
import { eventRecording } from '../events/security-events.js';
import { securityTimeline } from '../events/security-timeline.js';
import { idempotencyKeyCleanup } from '../idempotency/idempotency-key-cleanup.js';
import { runOnce } from '../idempotency/run-once.js';
import { attemptCleanup } from '../limits/attempt-cleanup.js';
import { codeAttempts } from '../limits/code-attempts.js';
import { passwordCheckLimits } from '../limits/password-check-limits.js';
import { mailRequests } from '../limits/mail-requests.js';
import { attemptCounting } from '../limits/attempt-counting.js';
import { attemptStore } from '../limits/attempt-store.js';
import { loginLimits } from '../limits/login-limits.js';
import type { AppSettings } from './app-settings.js';
import { createAccountServices } from './account-services.js';
import { createMail } from './mail-services.js';
import type { Databases } from '../database/databases.js';
import { trustedDocuments } from '../api/trusted-documents/trusted-documents.js';
import { NodeResolver } from '../api/node.resolver.js';
import { buildGraphQLSchema } from '../api/schema.js';
import { apiServer, type CloseServer } from '../http/api-server.js';
import { confirmAddressPage, undoAddressPage } from '../http/pages/address-pages.js';
import { resetPasswordPage } from '../http/pages/reset-password-page.js';
import { signUpPage } from '../http/pages/sign-up-page.js';
import { revokeSessionPage } from '../http/pages/revoke-session-page.js';
import { verifyPage } from '../http/pages/verify-page.js';
import type { SampleLag } from '../http/overload/event-loop-lag.js';
import { foldStoredPosts } from '../posts/fold-stored-posts.js';
import { PostResolver } from '../posts/post.resolver.js';
import { posts } from '../posts/post-service.js';
import { searchIndex } from '../posts/search-index.js';
import { ReportedSessionResolver } from '../sessions/reported-session.resolver.js';
import { SessionResolver } from '../sessions/session.resolver.js';
import { createSessions } from './session-services.js';
import { EmailVerificationResolver } from '../grants/email-verification.resolver.js';
import { TokenResolver } from '../grants/token.resolver.js';
import { keyRingSource } from '../keys/key-ring-source.js';
import type { KeyRing } from '../keys/key-ring.js';
import { background } from '../shared/background-tasks.js';
import type { Clock } from '../shared/clock.js';
import { idGenerator } from '../shared/id.js';
import type { Logger } from '../shared/logger.js';

/** A server that is ready to listen. */
export interface App {
  readonly http: FastifyInstance;
  readonly accounts: AccountStore;
  readonly hashing: PasswordHashing;
  /** Resolves when each mail that is due was attempted. */
  sendDueMail(): Promise<void>;
  /** Resolves when all background work is done: confirmations, failed-login events, clean-up. */
  drain(): Promise<void>;
  /** Closes the server and the databases. */
  readonly close: CloseServer;
}

export interface AppParts extends Databases {
  readonly settings: AppSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The lag of the event loop, by which load is shed. */
  readonly sampleLag: SampleLag;
  /** Threads that hash, instead of threads of this server. */
  readonly hashThreads?: HashThreads;
  /** Estimates how hard passwords are to guess, instead of the thread that does. */
  readonly scorePassword?: ScorePassword;
  /** Shows a developer what the mails say that are written to a folder. */
  readonly print?: (text: string) => void;
}

/** The composition root: constructs every service. The databases must be migrated. */
export async function createApp(parts: AppParts): Promise<App> {
  const { settings, database, postsDatabase, clock, logger, sampleLag, print } = parts;
  const newId = idGenerator(clock);
  const later = background(logger);
  const stopping = new AbortController();

  const accounts = accountStore(database, clock, newId);
  const keys = keyRingSource(settings.keyRing, clock, logger);
  const documents = trustedDocuments(settings.trustedDocuments, clock, logger);
  warnWithoutEventKey(keys.current(), logger);
  const heads = eventHeads(database, logger);
  const record = eventRecording(clock, newId, () => keys.current(), heads.add);
  const hashing = passwordHashing(settings.password, parts.hashThreads);
  const scoring = passwordScoring();
  const isBreached = breachedPasswords(settings.breachCheck, clock, logger);
  const rules = passwordRules(settings.passwordRules, parts.scorePassword ?? scoring.score, isBreached);
  const checks = passwordCheckLimits(settings.passwordChecks, clock);
  const tokens = oneTimeTokens(database, () => keys.current(), clock, newId);
  const signUps = pendingSignUps(database, clock, newId);
  const isTaken = addressUse(accounts, tokens);
  const compose = mailComposition(tokens, isTaken, settings.mail.publicUrl);
  const mail = createMail({ settings: settings.mail, database, compose, clock, newId, logger, print });
  const sendNotice = securityNotices(mail.isOn, tokens, mail.write, clock);
  const noticeFailed = failedLoginNotice(accounts, sendNotice, clock);
  const failed = failedLoginRecorder(database, record, noticeFailed, clock, logger);
  const attempts = attemptStore(database, settings.limits.maxDelaySeconds * 1000);
  const counting = attemptCounting(database, attempts, clock, logger);
  const limits = loginLimits(settings.limits, counting, attempts, clock);
  const authenticate = passwordAuthentication(accounts, hashing, limits, failed, later, clock, logger);
  const content = postsOfDeletedAccounts(database, settings.deletedAccounts, clock);
  const cleanups = [
    accountCleanup(database, content, clock, logger),
    mail.cleanup,
    oneTimeCleanup(database, clock, logger),
    eventCleanup({ settings: settings.events, database, ring: () => keys.current(), clock, logger }),
    attemptCleanup(attempts, clock, logger),
    idempotencyKeyCleanup(database, clock, logger),
  ];
  const present = presentedOneTimeToken(tokens, codeAttempts(counting, clock));
  const sessions = createSessions({
    ...parts,
    keys,
    newId,
    accounts,
    rules,
    hashing,
    oneTimeTokens: tokens,
    presentOneTimeToken: present,
    signUps,
    isTaken,
    content,
    writeMail: mail.write,
    sendNotice,
    limits,
    record,
    cleanups,
    authenticate,
  });

  const accountResolver = new AccountResolver(accounts, securityTimeline(database));
  const authors = publicAccounts(database);
  const index = searchIndex({ database: postsDatabase, later, stopping: stopping.signal, logger });
  const postResolver = new PostResolver(
    posts({
      database: postsDatabase,
      accounts: authors,
      clock,
      newId,
      once: runOnce(postsDatabase, clock),
      index,
      searchTimeoutMs: settings.database.limits.statementTimeoutMs,
    }),
    authors,
  );
  const services = createAccountServices({
    ...parts,
    accounts,
    checks,
    rules,
    hashing,
    tokens,
    present,
    signUps,
    isTaken,
    mail,
    limits: mailRequests(settings.mailLimits, counting, clock),
    sendNotice,
    record,
    sessions,
  });
  const schema = buildGraphQLSchema([
    new TokenResolver(sessions, clock),
    new SignUpResolver(services.signUp, services.resendVerification),
    new PasswordResetResolver(services.reset),
    new PasswordStrengthResolver(rules, checks),
    new EmailChangeResolver(services.emailChange),
    new EmailVerificationResolver(sessions.verifyEmail),
    accountResolver,
    new AccountLifeResolver({ ...services, requestDeletion: sessions.deletion.request }),
    new SessionResolver(sessions.own),
    new ReportedSessionResolver(sessions.revokeReported),
    postResolver,
    new NodeResolver(accountResolver, postResolver),
  ]);
  const server = await apiServer({
    settings: settings.http,
    logger,
    schema,
    operationLimits: settings.operationLimits,
    documents,
    pages: [
      signUpPage(services.signUp),
      verifyPage(sessions.activateAccount),
      resetPasswordPage(services.reset),
      confirmAddressPage,
      undoAddressPage(services.emailChange),
      revokeSessionPage(sessions.revokeReported),
    ],
    sampleLag,
    countSeveralLogins: limits.severalLogins,
    ...sessions,
  });
  await sessions.start();
  hashing.matchCostOf(await accounts.sampleHashes());
  mail.sender.wake(); // sends what an earlier process left
  index.start();
  later.run('folding stored posts', () => foldStoredPosts(postsDatabase, index.changed, stopping.signal, logger));

  async function drain(): Promise<void> {
    await Promise.all([sessions, mail.sender, ...cleanups, failed, later].map((one) => one.drain()));
    await heads.drain();
  }

  return {
    http: server.http,
    accounts,
    hashing,
    sendDueMail: () => mail.sender.sendDue(),
    drain,
    async close(options) {
      await server.close(options);
      documents?.stop();
      sessions.stop();
      mail.sender.stop();
      for (const cleanup of cleanups) cleanup.stop();
      heads.stop();
      stopping.abort();
      await drain();
      await Promise.all([hashing.stop(), scoring.stop()]);
      await Promise.all([database.$disconnect(), postsDatabase.$disconnect()]);
    },
  };
}

function warnWithoutEventKey({ eventKeys }: KeyRing, logger: Logger): void {
  if (eventKeys.size > 0) return;
  logger.warn(
    { event: 'key_ring.no_event_key' },
    'the key ring has no key for security events, so they get no MAC; add one with: keys rotate --events',
  );
}
