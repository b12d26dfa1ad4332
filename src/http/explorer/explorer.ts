import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import type { FastifyInstance } from 'fastify';
import { refuse } from '../json-errors.js';
import { graphiqlPage, type Page } from './graphiql-page.js';
import { sandboxPage } from './sandbox-page.js';

const GRAPHQL_PATH = '/graphql';
const GRAPHIQL_PATH = '/explorer/graphiql';

/** Responds to a browser's GET /graphql with Apollo Sandbox. If `EXPLORER` is on, like the route below. */
export function explorerPlugin(): ApolloServerPlugin<BaseContext> {
  const html = sandboxPage(GRAPHIQL_PATH);
  return {
    async serverWillStart() {
      return { renderLandingPage: async () => ({ html }) };
    },
  };
}

/**
 * Leads from `/` to Sandbox, and serves GraphiQL, which the Sandbox page opens if Apollo's servers do not respond. Without
 * the development dependencies, which contain GraphiQL, its path does not exist.
 */
export function registerExplorer(app: FastifyInstance): void {
  let loading: Promise<Page | undefined> | undefined;

  app.get('/', async (_request, reply) => reply.redirect(GRAPHQL_PATH));
  app.get(GRAPHIQL_PATH, async (_request, reply) => {
    const page = await (loading ??= graphiqlPage(GRAPHQL_PATH));
    if (!page) return refuse(reply, 404);
    const { html, contentSecurityPolicy } = page;
    return reply.type('text/html; charset=utf-8').header('content-security-policy', contentSecurityPolicy).send(html);
  });
}
