import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { apolloServer } from '../api/apollo.js';
import type { OperationLimits } from '../api/operation-limits.js';
import type { Authenticate, ConfirmViewer } from '../authentication/bearer-authentication.js';
import { earlyRejection } from '../api/early-rejection/early-rejection.js';
import type { TrustedDocuments } from '../api/trusted-documents/trusted-documents.js';
import { knownOperations } from '../api/early-rejection/known-operations.js';
import type { BrowserTokens } from '../grants/browser-tokens.js';
import type { KeyRing } from '../keys/key-ring.js';
import type { Logger } from '../shared/logger.js';
import { cookieTransport } from './cookies/cookie-transport.js';
import { documentById } from './document-by-id.js';
import { explorerPlugin, registerExplorer } from './explorer/explorer.js';
import { graphqlRoute } from './graphql-route.js';
import { healthRoutes } from './health-routes.js';
import { jwksRoute } from './jwks-route.js';
import type { SampleLag } from './overload/event-loop-lag.js';
import { loadShedding } from './overload/load-shedding.js';
import { loginTurns } from './overload/login-turns.js';
import type { AccountPage } from './pages/account-page.js';
import { accountPages } from './pages/account-pages.js';
import { rejectedLogins, type CountSeveralLogins } from './rejected-logins.js';
import { requireAcceptable } from './require-acceptable.js';
import { schemaRoute } from './schema-route.js';
import { httpServer, type HttpSettings } from './server.js';

/** How long a replaced worker drains: it closes each open connection with the next response. */
const DRAIN_MS = 1000;

export interface ApiServer {
  readonly http: FastifyInstance;
  readonly close: CloseServer;
}

/**
 * Stops accepting requests after `shutdownDelaySeconds`, in which a load balancer can notice, and gives requests in flight
 * `shutdownGraceSeconds` to finish. If another process listens at the same address (`isReplaced`), no request is rejected.
 */
export type CloseServer = (options?: { readonly isReplaced?: boolean }) => Promise<void>;

export interface ApiServerParts {
  readonly settings: HttpSettings;
  readonly logger: Logger;
  readonly schema: GraphQLSchema;
  readonly operationLimits: OperationLimits;
  /** Undefined: requests contain their documents. */
  readonly documents: TrustedDocuments | undefined;
  /** What the links in mails open. */
  readonly pages: readonly AccountPage[];
  /** Turns an Authorization header into a viewer. */
  readonly authenticate: Authenticate;
  readonly confirm: ConfirmViewer;
  /** Decides which of the refresh tokens of a browser counts. */
  readonly browserTokens: BrowserTokens;
  readonly countSeveralLogins: CountSeveralLogins;
  /** The current keys. */
  readonly keyRing: () => KeyRing;
  /** Whether the revocation list of this process is known to be complete. */
  readonly isFresh: () => boolean;
  readonly sampleLag: SampleLag;
}

/** The HTTP server with all its routes, ready to listen. */
export async function apiServer(parts: ApiServerParts): Promise<ApiServer> {
  const { settings, logger, schema, operationLimits, documents, pages, authenticate, confirm, keyRing, isFresh } =
    parts;
  const { sampleLag } = parts;
  const { introspection } = settings;
  const explorer = settings.explorer ? explorerPlugin() : undefined;
  const operations = knownOperations();
  const apollo = apolloServer({
    schema,
    limits: operationLimits,
    introspection,
    logger,
    knownOperations: operations,
    confirm,
    explorer,
  });
  const http = await httpServer(settings, logger);
  await apollo.start();
  let isReady = true;
  let isLeaving = false;
  // A connection that is closed while a request arrives loses that request; an open one delays the shutdown.
  http.addHook('onSend', (_request, reply, _payload, done) => {
    if (isLeaving) void reply.header('connection', 'close');
    done();
  });
  const shedding = loadShedding(settings.overloadLagMs, sampleLag, schema, logger);
  const acceptable = requireAcceptable(explorer !== undefined);
  const byId = documents ? [documentById(documents)] : [];
  const first = [acceptable, ...byId, shedding.preHandler, loginTurns()];
  const { cookieOrigins, operationTimeoutMs } = settings;
  const transportOf = cookieOrigins && cookieTransport(cookieOrigins, parts.browserTokens);
  const [early, rejected] = [earlyRejection(operations), rejectedLogins(parts.countSeveralLogins)];
  graphqlRoute(http, apollo, authenticate, early, rejected, operationTimeoutMs, first, transportOf);
  if (explorer) registerExplorer(http);
  if (introspection) schemaRoute(http, schema);
  jwksRoute(http, keyRing);
  await http.register(accountPages, { pages, timeoutMs: operationTimeoutMs, sheds: shedding.sheds });
  healthRoutes(http, async () => isReady && isFresh());

  return {
    http,
    async close({ isReplaced = false } = {}) {
      isLeaving = true;
      isReady = isReplaced;
      await delay(isReplaced ? DRAIN_MS : settings.shutdownDelaySeconds * 1000);
      const overdue = setTimeout(() => http.server.closeAllConnections(), settings.shutdownGraceSeconds * 1000);
      await http.close();
      clearTimeout(overdue);
      shedding.stop();
      await apollo.stop();
    },
  };
}
