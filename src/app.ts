import 'reflect-metadata'; // before any decorated class
import type { FastifyInstance } from 'fastify';
import { accountStore, type AccountStore } from './accounts/account-store.js';
import { AccountResolver } from './accounts/account.resolver.js';
import { authenticator } from './accounts/authenticator.js';
import { passwordHashing, type PasswordHashing } from './accounts/password-hashing.js';
import { eventRecording } from './accounts/security-events.js';
import { securityTimeline } from './accounts/security-timeline.js';
import type { Config } from './config.js';
import type { Database } from './database/client.js';
import { apolloServer } from './graphql/apollo.js';
import { contextOf } from './graphql/context.js';
import { buildGraphQLSchema } from './graphql/schema.js';
import { graphqlRoute } from './http/graphql-route.js';
import { healthRoutes } from './http/health-routes.js';
import { jwksRoute } from './http/jwks-route.js';
import { explorerPlugin, registerExplorer } from './http/explorer.js';
import { httpServer } from './http/server.js';
import { postStore } from './posts/post-store.js';
import { PostResolver } from './posts/post.resolver.js';
import { posts } from './posts/posts.js';
import { authentication } from './sessions/authentication.js';
import { confirmations } from './sessions/confirmations.js';
import { keyRingSource } from './sessions/key-ring-source.js';
import { knownSessions } from './sessions/known-sessions.js';
import { login } from './sessions/login.js';
import { logout } from './sessions/logout.js';
import { passwordChange } from './sessions/password-change.js';
import { refresh } from './sessions/refresh.js';
import { revocationFeed } from './sessions/revocation-feed.js';
import { revocations } from './sessions/revocations.js';
import { sessionAdvancing } from './sessions/session-advancing.js';
import { sessionCleanup } from './sessions/session-cleanup.js';
import { sessionEnding } from './sessions/session-ending.js';
import { sessionOpening } from './sessions/session-opening.js';
import { sessionRevoking } from './sessions/session-revoking.js';
import { sessionStore } from './sessions/session-store.js';
import { SessionResolver } from './sessions/session.resolver.js';
import { tokenMinting } from './sessions/token-minting.js';
import { TokenResolver } from './sessions/token.resolver.js';
import { background } from './shared/background.js';
import type { Clock } from './shared/clock.js';
import { idGenerator } from './shared/id.js';
import type { Logger } from './shared/logger.js';

/** A server that is wired together and ready to listen. */
export interface App {
  readonly http: FastifyInstance;
  readonly accounts: AccountStore;
  readonly hashing: PasswordHashing;
  /** Resolves when the work that no request waits for is done: confirmations, records of failures, cleaning up. */
  settled(): Promise<void>;
  /** Refuses new requests, lets those in flight finish within the grace, and lets go of the database. */
  close(): Promise<void>;
}

export interface AppParts {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The composition root: the only place that wires things together. The database must be migrated. */
export async function createApp({ config, database, clock, logger }: AppParts): Promise<App> {
  const newId = idGenerator(clock);
  const later = background(logger);
  const keyRing = keyRingSource(config, clock, logger);
  const ring = () => keyRing.current();

  const accounts = accountStore(database, clock, newId);
  const record = eventRecording(clock, newId);
  const hashing = passwordHashing(config.password);
  const authenticate = authenticator({ database, accounts, hashing, record, background: later, logger });

  const { ttlSeconds } = config.authToken;
  const settings = config.session;
  const store = sessionStore(database);
  const known = knownSessions();
  const revoked = revocations(clock, ttlSeconds);
  const feed = revocationFeed(database, revoked, clock, ttlSeconds, logger);
  const confirmed = confirmations(store, clock, logger);
  const end = sessionEnding(revoked, record, clock, logger);
  const mint = tokenMinting(config, ring, clock, known);
  const advancing = sessionAdvancing(settings, store, accounts, mint, clock);
  const cleanup = sessionCleanup(database, clock, ttlSeconds, logger);
  const open = sessionOpening({ settings, end, record, ring, clock, newId });
  const viewerOf = authentication({
    settings: config.authToken,
    ring,
    clock,
    store,
    accounts,
    known,
    revocations: revoked,
    feed,
    confirmations: confirmed,
  });

  const stored = postStore(database);
  const schema = buildGraphQLSchema([
    new TokenResolver(
      login({ database, accounts, authenticate, open, mint, cleanup }),
      refresh({ settings, database, store, ring, confirmations: confirmed, advancing, end, record, clock, logger }),
      logout({ database, store, ring, end }),
      passwordChange({ database, accounts, hashing, record, end, store, ring, advancing }),
      clock,
    ),
    new AccountResolver(accounts, securityTimeline(database)),
    new SessionResolver(store, sessionRevoking(database, store, end), clock),
    new PostResolver(posts(stored, clock, newId), stored, accounts),
  ]);

  const explorer = config.production ? undefined : explorerPlugin();
  const apollo = apolloServer({ schema, production: config.production, logger, explorer });
  const http = await httpServer(config, logger);
  await Promise.all([apollo.start(), feed.start()]);
  let closing = false;
  graphqlRoute(http, apollo, contextOf(viewerOf));
  if (explorer) registerExplorer(http);
  jwksRoute(http, ring);
  healthRoutes(http, async () => !closing && feed.isFresh());

  async function settled(): Promise<void> {
    await Promise.all([confirmed.settled(), later.settled(), cleanup.settled()]);
  }

  return {
    settled,
    http,
    accounts,
    hashing,
    async close() {
      closing = true;
      const overdue = setTimeout(() => http.server.closeAllConnections(), config.shutdownGraceSeconds * 1000);
      await http.close();
      clearTimeout(overdue);
      feed.stop();
      cleanup.stop();
      keyRing.stop();
      await settled();
      await apollo.stop();
      await database.$disconnect();
    },
  };
}
