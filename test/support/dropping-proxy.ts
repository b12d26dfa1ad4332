import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A proxy before a server. It breaks connections when their response begins, so that the client receives none of it. */
export interface DroppingProxy {
  readonly url: string;
  /** Breaks so many connections. The next ones receive their responses. */
  drop(count: number): void;
  close(): Promise<void>;
}

export async function droppingProxy(serverUrl: string): Promise<DroppingProxy> {
  const { port, hostname } = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let toDrop = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => undefined));
    client.pipe(upstream);
    upstream.on('data', (chunk) => {
      if (toDrop > 0) {
        toDrop -= 1;
        client.resetAndDestroy();
      } else client.write(chunk);
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    drop: (count) => (toDrop = count),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
