import type { HeaderMap } from '@apollo/server';
import { type ApolloServerPlugin } from '@apollo/server';
import Fastify from 'fastify';
import { apolloServer } from '../../src/api/apollo.js';
import { earlyRejection } from '../../src/api/early-rejection/early-rejection.js';
import { knownOperations } from '../../src/api/early-rejection/known-operations.js';
import { buildGraphQLSchema } from '../../src/api/schema.js';
import { loadConfig } from '../../src/config.js';
import type { GraphContext } from '../../src/graphql/context.js';
import { rejectedLogins } from '../../src/http/rejected-logins.js';
import { graphqlRoute } from '../../src/http/graphql-route.js';
import { createLogger } from '../../src/shared/logger.js';

describe('an Apollo Server plugin', () => {
  it('receives every header of the request, in lower case', async () => {
    let received: HeaderMap | undefined;
    const plugin: ApolloServerPlugin<GraphContext> = {
      requestDidStart: async ({ request }) => void (received = request.http?.headers),
    };
    const operations = knownOperations();
    const apollo = apolloServer({
      schema: buildGraphQLSchema(),
      limits: loadConfig({}).operationLimits,
      introspection: false,
      logger: createLogger('silent'),
      knownOperations: operations,
      confirm: async (viewer) => viewer,
      explorer: plugin,
    });
    const server = Fastify();
    server.decorateRequest('viewer', undefined);
    server.decorateRequest('deadline', undefined);
    await apollo.start();
    graphqlRoute(
      server,
      apollo,
      () => ({ state: 'anonymous' }),
      earlyRejection(operations),
      rejectedLogins(async () => undefined),
      10_000,
    );
    const headers = { 'apollographql-client-name': 'web', 'X-Custom': 'a value', traceparent: '00-ab-cd-01' };
    await server.inject({ method: 'POST', url: '/graphql', headers, payload: { query: '{ __typename }' } });
    expect(Object.fromEntries(received ?? [])).toMatchObject({
      'apollographql-client-name': 'web',
      'x-custom': 'a value',
      traceparent: '00-ab-cd-01',
    });
    await apollo.stop();
    await server.close();
  });
});
