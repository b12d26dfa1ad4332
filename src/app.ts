import 'reflect-metadata'; // before any decorated class
import type { FastifyInstance } from 'fastify';
import { accountStore, type AccountStore } from './accounts/account-store.js';
import { AccountResolver } from './accounts/account.resolver.js';
import { authenticator } from './accounts/authenticator.js';
import { failedLogins } from './accounts/failed-logins.js';
import { passwordHashing, type PasswordHashing } from './accounts/password-hashing.js';
import { eventRecording } from './accounts/security-events.js';
import { securityTimeline } from './accounts/security-timeline.js';
import type { Config } from './config.js';
import type { Database } from './database/client.js';
import { readReplica } from './database/read-replica.js';
import { buildGraphQLSchema } from './graphql/schema.js';
import { apiServer, type CloseServer } from './http/api-server.js';
import { postStore } from './posts/post-store.js';
import { PostResolver } from './posts/post.resolver.js';
import { posts } from './posts/posts.js';
import { SessionResolver } from './sessions/session.resolver.js';
import { createSessions } from './sessions/sessions.js';
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
  /** Closes the server, and lets go of the database. */
  readonly close: CloseServer;
}

export interface AppParts {
  readonly config: Config;
  readonly database: Database;
  /** For reads of posts, where there is one. */
  readonly replica?: Database | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The composition root: what each room is given. The database must be migrated. */
export async function createApp(parts: AppParts): Promise<App> {
  const { config, database, clock, logger } = parts;
  const newId = idGenerator(clock);
  const later = background(logger);

  const accounts = accountStore(database, clock, newId);
  const record = eventRecording(clock, newId);
  const hashing = passwordHashing(config.password);
  const failed = failedLogins(database, record, logger);
  const authenticate = authenticator({ accounts, hashing, failed, background: later, logger });
  const replication = parts.replica && {
    database: parts.replica,
    reads: readReplica(config.databaseReadLagSeconds, clock, logger),
  };
  const store = postStore(database, replication);
  const replica = replication?.reads;
  const sessions = createSessions({ ...parts, newId, accounts, hashing, record, authenticate, replica });

  const schema = buildGraphQLSchema([
    new TokenResolver(sessions, clock),
    new AccountResolver(accounts, securityTimeline(database)),
    new SessionResolver(sessions, clock),
    new PostResolver(posts(store, clock, newId), store, accounts),
  ]);
  const server = await apiServer({ config, logger, schema, sessions });
  await sessions.start();
  hashing.resemble(await accounts.sampleHashes());

  async function settled(): Promise<void> {
    await Promise.all([sessions.settled(), failed.settled(), later.settled()]);
  }

  return {
    http: server.http,
    accounts,
    hashing,
    settled,
    async close(options) {
      await server.close(options);
      sessions.stop();
      await settled();
      await Promise.all([database.$disconnect(), parts.replica?.$disconnect()]);
    },
  };
}
