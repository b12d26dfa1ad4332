import { Observable, type FetchFunction, type GraphQLResponse } from 'relay-runtime';
import type { TandemClient } from './client.js';

/** For `Network.create`. Sends the ID of a persisted operation instead of its text. */
export function relayFetch(url: string, tandem: Pick<TandemClient, 'fetch'>): FetchFunction {
  return ({ id, text, name }, variables) =>
    Observable.create<GraphQLResponse>((sink) => {
      const abort = new AbortController();
      const operation = id ? { documentId: id } : { query: text };
      const body = JSON.stringify({ ...operation, operationName: name, variables });
      const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
      tandem
        .fetch(url, { method: 'POST', headers, body, signal: abort.signal })
        .then((response) => response.json())
        .then((result: GraphQLResponse) => (sink.next(result), sink.complete()))
        .catch(sink.error);
      // A component that is gone needs no retries.
      return () => abort.abort();
    });
}
