import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import type { FastifyInstance } from 'fastify';
import { graphiqlPage, type Page } from './graphiql-page.js';
import { sandboxPage } from './sandbox-page.js';

const GRAPHQL_PATH = '/graphql';
const GRAPHIQL_PATH = '/explorer/graphiql';

/** Responds to a browser's GET /graphql with Apollo Sandbox. Outside production only, like the routes below. */
export function explorerPlugin(): ApolloServerPlugin<BaseContext> {
  const html = sandboxPage(GRAPHIQL_PATH);
  return {
    async serverWillStart() {
      return { renderLandingPage: async () => ({ html }) };
    },
  };
}

/** Serves GraphiQL, which the Sandbox page opens if Apollo's servers cannot be reached. */
export function registerExplorer(app: FastifyInstance): void {
  let page: Promise<Page> | undefined;

  app.get(GRAPHIQL_PATH, async (_request, reply) => {
    const { html, contentSecurityPolicy } = await (page ??= graphiqlPage(GRAPHQL_PATH));
    return reply.type('text/html; charset=utf-8').header('content-security-policy', contentSecurityPolicy).send(html);
  });
}
