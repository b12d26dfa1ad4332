import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { operationIn } from '../wire.js';

/** A request of a tab, as the server of the front-end received it. */
export interface TabRequest {
  /** The number of the tab. */
  tab: string;
  operation: string;
  refreshToken?: string;
  idempotencyKey?: string;
  /** Milliseconds of a monotonic clock. */
  receivedAt: number;
  /** What the tab received. Undefined: nothing yet, or its connection was closed. */
  reply?: Reply;
  repliedAt?: number;
}

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders | { [name: string]: string };
  body: string;
}

/** Decides what happens to a request. `deliver` sends it to the API. Undefined: the connection is closed. */
export type Fault = (request: TabRequest, deliver: () => Promise<Reply>) => Promise<Reply | undefined>;

/** Serves the page of a front-end, and forwards `/graphql` to the API as a proxy that can inject faults. */
export interface FrontEndServer {
  origin: string;
  /** The URL of the API, without a path. */
  target: string;
  fault: Fault | undefined;
  requests: TabRequest[];
  close(): Promise<void>;
}

export async function serveFrontEnd(target: string, script: string): Promise<FrontEndServer> {
  const server = createServer((incoming, outgoing) => {
    // A browser resends a request on its own if a connection that it has used before breaks.
    outgoing.setHeader('connection', 'close');
    const { searchParams, pathname } = new URL(incoming.url ?? '/', 'http://localhost');
    if (pathname !== '/graphql') {
      const isScript = pathname === '/script.js';
      outgoing.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
      outgoing.end(
        isScript ? script : '<!doctype html><title>A front-end</title><main></main><script src="/script.js"></script>',
      );
      return;
    }
    void text(incoming).then(async (body) => {
      const request = { tab: searchParams.get('tab') ?? '', receivedAt: performance.now(), ...described(body) };
      self.requests.push(request);
      const deliver = () => forward(self.target, incoming.headers, body);
      const reply = await (self.fault ?? pass)(request, deliver).catch(() => undefined);
      Object.assign(request, { reply, repliedAt: performance.now() });
      if (!reply) return void incoming.socket.destroy();
      outgoing.writeHead(reply.status, { ...reply.headers, connection: 'close' }).end(reply.body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const self: FrontEndServer = {
    // A host that browsers treat as secure: other pages have no crypto and no locks.
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    target,
    fault: undefined,
    requests: [],
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return self;
}

const pass: Fault = (_request, deliver) => deliver();

function described(body: string): Pick<TabRequest, 'operation' | 'refreshToken' | 'idempotencyKey'> {
  const {
    query,
    operationName = operationIn(query),
    variables,
  } = JSON.parse(body) as {
    query?: string;
    operationName?: string;
    variables?: { input?: { refreshToken?: string; idempotencyKey?: string } };
  };
  const { refreshToken, idempotencyKey } = variables?.input ?? {};
  return { operation: operationName, refreshToken, idempotencyKey };
}

/** Rejects if the API closes the connection. */
async function forward(target: string, headers: IncomingHttpHeaders, body: string): Promise<Reply> {
  const upstream = httpRequest(`${target}/graphql`, {
    method: 'POST',
    agent: false,
    headers: { ...headers, connection: 'close' },
  });
  upstream.end(body);
  const [response] = (await once(upstream, 'response')) as [IncomingMessage];
  const { 'transfer-encoding': _, ...rest } = response.headers;
  return { status: response.statusCode ?? 502, headers: rest, body: await text(response) };
}
