import { Agent, request } from 'node:http';

export interface KeptReply {
  status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into replies of any operation
  data: any;
  requestId: string;
}

export interface KeptConnection {
  /** Rejects when the connection breaks before the answer is there. The next request opens a new one. */
  ask(query: string, variables?: object, token?: string): Promise<KeptReply>;
  close(): void;
}

/** A client that keeps its one connection, and so stays with one process, until that closes it. */
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
