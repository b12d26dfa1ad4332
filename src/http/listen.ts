import { lookup } from 'node:dns/promises';
import { createServer, type AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';

type Lookup = (host: string) => Promise<readonly { readonly address: string }[]>;

/**
 * Listens at a name or an address, and resolves to the URL. `localhost` can have two addresses. For the second, Fastify would
 * start another HTTP server, without the bounds, timeouts and error responses of this one. Here it gets the connections.
 */
export async function listen(
  http: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
  addressesOf: Lookup = (name) => lookup(name, { all: true }),
): Promise<string> {
  if (host !== 'localhost') return http.listen({ host, port });
  const [first = { address: host }, ...others] = await addressesOf(host);
  // As those of node:http are.
  const servers = others.map(() => createServer({ allowHalfOpen: true, noDelay: true }));
  const closed = servers.map((server) => new Promise((resolve) => server.once('close', resolve)));
  http.addHook('preClose', async () => servers.forEach((server) => server.close()));
  http.addHook('onClose', async () => void (await Promise.all(closed))); // for requests in flight
  const url = await http.listen({ host: first.address, port });
  const bound = http.server.address() as AddressInfo;
  await Promise.all(
    servers.map(
      (server, index) =>
        new Promise<void>((resolve) => {
          server.maxConnections = http.server.maxConnections;
          server.on('connection', (socket) => http.server.emit('connection', socket));
          server.on('drop', (dropped) => http.server.emit('drop', dropped));
          // One address is enough, as it is for Fastify.
          server.on('error', () => resolve());
          server.listen(bound.port, others[index]?.address, resolve);
        }),
    ),
  );
  return url;
}
