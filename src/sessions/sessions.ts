import type { AccountStore } from '../accounts/account-store.js';
import type { Authenticator } from '../accounts/authenticator.js';
import type { PasswordHashing } from '../accounts/password-hashing.js';
import type { RecordEvents } from '../accounts/security-events.js';
import type { Config } from '../config.js';
import type { Database } from '../database/client.js';
import type { Clock } from '../shared/clock.js';
import type { NewId } from '../shared/id.js';
import type { Logger } from '../shared/logger.js';
import { authentication, type Authenticate } from './authentication.js';
import { confirmations as confirming } from './confirmations.js';
import { keyRingSource } from './key-ring-source.js';
import type { KeyRing } from './key-ring.js';
import { knownSessions } from './known-sessions.js';
import { login, type LogIn } from './login.js';
import { logout, type LogOut } from './logout.js';
import { passwordChange, type ChangePassword } from './password-change.js';
import { refresh, type Refresh } from './refresh.js';
import { revocationFeed, type RevocationFeedParts } from './revocation-feed.js';
import { revocations as remembering } from './revocations.js';
import { sessionAdvancing } from './session-advancing.js';
import { sessionCleanup } from './session-cleanup.js';
import { sessionEnding } from './session-ending.js';
import { sessionOpening } from './session-opening.js';
import { sessionRevoking, type SessionRevoking } from './session-revoking.js';
import { sessionStore, type SessionStore } from './session-store.js';
import { tokenMinting } from './token-minting.js';

/** Everything that can be done with sessions, and the life of what runs behind them. */
export interface Sessions {
  readonly logIn: LogIn;
  readonly refresh: Refresh;
  readonly logOut: LogOut;
  readonly changePassword: ChangePassword;
  readonly revoke: SessionRevoking;
  readonly live: SessionStore['live'];
  /** Turns an Authorization header into a viewer. */
  readonly authenticate: Authenticate;
  /** The keys as they are now. */
  keyRing(): KeyRing;
  /** Learns what ended before this process started. */
  start(): Promise<void>;
  /** Whether endings by other processes are known without asking. */
  isFresh(): boolean;
  stop(): void;
  /** Resolves when confirmations are written and cleaning up is done. */
  settled(): Promise<void>;
}

export interface SessionsParts {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly newId: NewId;
  readonly accounts: AccountStore;
  readonly hashing: PasswordHashing;
  readonly record: RecordEvents;
  readonly authenticate: Authenticator;
  readonly replica?: RevocationFeedParts['replica'];
}

/** Wires the room: one of each part, and who is told of what. */
export function createSessions(parts: SessionsParts): Sessions {
  const { config, database, clock, logger, newId, accounts, hashing, record, authenticate, replica } = parts;
  const { ttlSeconds } = config.authToken;
  const settings = config.session;

  const keys = keyRingSource(config, clock, logger);
  const ring = () => keys.current();
  const store = sessionStore(database);
  const known = knownSessions();
  const revocations = remembering(clock, ttlSeconds);
  const feed = revocationFeed({ config, database, revocations, replica, clock, logger });
  const confirmations = confirming(store, clock, logger);
  const cleanup = sessionCleanup(database, clock, ttlSeconds, logger);

  const end = sessionEnding(revocations, record, clock, logger);
  const mint = tokenMinting(config, ring, clock, known);
  const open = sessionOpening({ settings, end, record, ring, clock, newId });
  const advancing = sessionAdvancing(settings, store, accounts, mint, clock);
  const verification = { settings: config.authToken, ring, clock };

  return {
    logIn: login({ database, accounts, authenticate, open, mint, cleanup }),
    refresh: refresh({ settings, database, store, ring, confirmations, advancing, end, record, clock, logger }),
    logOut: logout({ database, store, ring, end }),
    changePassword: passwordChange({ settings, database, accounts, hashing, record, end, ring, mint, clock }),
    revoke: sessionRevoking(database, store, end),
    live: (accountId, now) => store.live(accountId, now),
    authenticate: authentication({ ...verification, store, accounts, known, revocations, feed, confirmations }),
    keyRing: ring,
    start: () => feed.start(),
    isFresh: () => feed.isFresh(),
    stop() {
      feed.stop();
      cleanup.stop();
      keys.stop();
    },
    async settled() {
      await Promise.all([confirmations.settled(), cleanup.settled()]);
    },
  };
}
