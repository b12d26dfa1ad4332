import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Config } from '../config.js';
import { apolloServer } from '../graphql/apollo.js';
import { contextOf } from '../graphql/context.js';
import type { Sessions } from '../sessions/sessions.js';
import type { Logger } from '../shared/logger.js';
import { explorerPlugin, registerExplorer } from './explorer.js';
import { graphqlRoute } from './graphql-route.js';
import { healthRoutes } from './health-routes.js';
import { jwksRoute } from './jwks-route.js';
import { httpServer } from './server.js';

export interface ApiServer {
  readonly http: FastifyInstance;
  /** Refuses new requests and lets those in flight finish within the grace. */
  close(): Promise<void>;
}

export interface ApiServerParts {
  readonly config: Config;
  readonly logger: Logger;
  readonly schema: GraphQLSchema;
  readonly sessions: Sessions;
}

/** The HTTP server with all its routes, ready to listen. */
export async function apiServer({ config, logger, schema, sessions }: ApiServerParts): Promise<ApiServer> {
  const explorer = config.production ? undefined : explorerPlugin();
  const apollo = apolloServer({ schema, production: config.production, logger, explorer });
  const http = await httpServer(config, logger);
  await apollo.start();
  let closing = false;
  graphqlRoute(http, apollo, contextOf(sessions.authenticate));
  if (explorer) registerExplorer(http);
  jwksRoute(http, () => sessions.keyRing());
  healthRoutes(http, async () => !closing && sessions.isFresh());

  return {
    http,
    async close() {
      closing = true;
      await delay(config.shutdownDelaySeconds * 1000);
      const overdue = setTimeout(() => http.server.closeAllConnections(), config.shutdownGraceSeconds * 1000);
      await http.close();
      clearTimeout(overdue);
      await apollo.stop();
    },
  };
}
