import { Agent, request } from 'node:http';

export interface KeptReply {
  status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the data depends on the operation
  data: any;
  requestId: string;
}

export interface KeptConnection {
  /** Rejects if the connection breaks before the response. The next request opens a new connection. */
  ask(query: string, variables?: object, token?: string): Promise<KeptReply>;
  close(): void;
}

/** A client with one connection, which stays with one process until the server closes it. */
export function keptConnection(url: URL): KeptConnection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    ask: (query, variables = {}, token) =>
      new Promise((settle, fail) => {
        const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
        const sent = request(new URL('/graphql', url), { agent, method: 'POST', headers }, (response) => {
          let body = '';
          response.on('data', (chunk) => (body += String(chunk)));
          response.on('error', fail);
          response.on('end', () => {
            const { data } = JSON.parse(body) as { data?: unknown };
            settle({ status: response.statusCode ?? 0, data, requestId: String(response.headers['x-request-id']) });
          });
        });
        sent.on('error', fail);
        sent.end(JSON.stringify({ query, variables }));
      }),
    close: () => agent.destroy(),
  };
}
