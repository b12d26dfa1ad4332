import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Config } from '../config.js';
import { apolloServer } from '../graphql/apollo.js';
import { contextOf } from '../graphql/context.js';
import { protectedOperations } from '../graphql/protected-operations.js';
import type { Sessions } from '../sessions/sessions.js';
import type { Logger } from '../shared/logger.js';
import { explorerPlugin, registerExplorer } from './explorer.js';
import { graphqlRoute } from './graphql-route.js';
import { healthRoutes } from './health-routes.js';
import { jwksRoute } from './jwks-route.js';
import { httpServer } from './server.js';

/** For so long a worker that was replaced goes on, and says goodbye with each answer to the connections that it has. */
const FAREWELL_MS = 1000;

export interface ApiServer {
  readonly http: FastifyInstance;
  readonly close: CloseServer;
}

/**
 * Refuses new requests, after the delay for a balancer to notice, and lets those in flight finish within the grace.
 * When it `isReplaced` by a process that listens at the same address, nobody has to notice, and no request is refused.
 */
export type CloseServer = (options?: { readonly isReplaced?: boolean }) => Promise<void>;

export interface ApiServerParts {
  readonly config: Config;
  readonly logger: Logger;
  readonly schema: GraphQLSchema;
  readonly sessions: Sessions;
}

/** The HTTP server with all its routes, ready to listen. */
export async function apiServer({ config, logger, schema, sessions }: ApiServerParts): Promise<ApiServer> {
  const explorer = config.production ? undefined : explorerPlugin();
  const operations = protectedOperations();
  const { production } = config;
  const apollo = apolloServer({ schema, production, logger, protectedOperations: operations, explorer });
  const http = await httpServer(config, logger);
  await apollo.start();
  let isReady = true;
  let isLeaving = false;
  // A connection that is closed while a request is on its way loses it, and one that is kept holds up the process.
  http.addHook('onSend', (_request, reply, _payload, done) => {
    if (isLeaving) void reply.header('connection', 'close');
    done();
  });
  graphqlRoute(http, apollo, contextOf(sessions.authenticate), operations);
  if (explorer) registerExplorer(http);
  jwksRoute(http, () => sessions.keyRing());
  healthRoutes(http, async () => isReady && sessions.isFresh());

  return {
    http,
    async close({ isReplaced = false } = {}) {
      isLeaving = true;
      isReady = isReplaced;
      await delay(isReplaced ? FAREWELL_MS : config.shutdownDelaySeconds * 1000);
      const overdue = setTimeout(() => http.server.closeAllConnections(), config.shutdownGraceSeconds * 1000);
      await http.close();
      clearTimeout(overdue);
      await apollo.stop();
    },
  };
}
