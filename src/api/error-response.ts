import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import { Failure } from '../errors/failure.js';
import { invalidInput } from '../errors/invalid-input.js';
import type { Logger } from '../shared/logger.js';
import type { GraphContext } from '../graphql/context.js';
import type { ErrorRow } from '../errors/error-table.js';
import { publicError, rowOf } from '../errors/public-error.js';
import { classifyError, isOfVariables } from './classify-error.js';
import { operationNameOf } from './operation-name.js';
import { variableProblems } from './variable-problems.js';

/** The error that a client receives: message, location, and the table's extensions. It never contains the thrown error. */
export function formatError({ locations, path }: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const classified = classifyError(error);
  if (!(classified instanceof Failure)) {
    const extensions = { code: classified.code, reason: null, recovery: 'FIX_INPUT' };
    return { message: classified.message, locations, extensions };
  }
  return { ...formatFailure(classified), ...(locations && { locations }), ...(path && { path }) };
}

function formatFailure(failure: Failure): GraphQLFormattedError {
  const { message, extensions } = publicError(failure);
  return { message, extensions: { ...extensions } };
}

/** Sets HTTP status and headers of a response by the table, and logs the causes. */
export function errorResponses(logger: Logger): ApolloServerPlugin<GraphContext> {
  const listener: GraphQLRequestListener<GraphContext> = {
    async didResolveOperation({ operation, contextValue: { outcome, deadline } }) {
      outcome.operation = operation && operationNameOf(operation);
      deadline.isOfQuery = operation?.operation === 'query';
    },
    async willSendResponse({ response, errors, operation, document, schema, request, contextValue }) {
      const { requestId, outcome } = contextValue;
      if (!errors?.length || response.body.kind !== 'single') return;
      if (operation && document && errors.some(isOfVariables)) {
        // One error with all problems instead of one error for each.
        const problems = variableProblems(schema, document, operation, request.variables ?? {});
        response.body.singleResult.errors = [formatFailure(invalidInput(problems))];
      }
      const [first] = response.body.singleResult.errors ?? [];
      outcome.code = first?.extensions?.['code'];
      outcome.reason = first?.extensions?.['reason'];
      const failures = errors.map(classifyError).filter((classified) => classified instanceof Failure);
      for (const { kind, cause } of failures) {
        if (kind === 'INTERNAL_SERVER_ERROR') logger.error({ requestId, err: cause }, 'a request failed');
        if (kind === 'SERVICE_UNAVAILABLE') logger.warn({ requestId, err: cause }, 'a request could not be served');
      }
      // A partial query result is useless during an outage, and retrying a query is safe. The response to a mutation must
      // say what took effect.
      const isOutage = failures.some(({ kind }) => kind === 'SERVICE_UNAVAILABLE');
      if (isOutage && operation?.operation === 'query') delete response.body.singleResult.data;
      // A response with data is 2xx, even if it has errors too (GraphQL over HTTP).
      if (response.body.singleResult.data) {
        response.http.status = 200;
        return;
      }
      const gravest = failures.map(rowOf).sort((a, b) => b.status - a.status)[0];
      if (gravest) applyRow(gravest, response.http);
      else if (response.http.status === undefined || response.http.status < 400) response.http.status = 400;
    },
  };
  return { requestDidStart: async () => listener };
}

function applyRow(row: ErrorRow, http: { status?: number; headers: Map<string, string> }): void {
  http.status = row.status;
  if (row.challenge) http.headers.set('www-authenticate', row.challenge);
  if (row.retryAfterSeconds !== undefined) http.headers.set('retry-after', String(row.retryAfterSeconds));
}
