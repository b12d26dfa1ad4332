import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A proxy between a server and its database that simulates network faults. */
export interface TcpProxy {
  /** The URL of the database through the proxy. */
  readonly url: string;
  /** Closes all connections and rejects new ones. */
  cut(): void;
  /** Keeps and accepts connections but forwards nothing, like a host that has vanished. */
  pause(): void;
  /** Forwards everything again, including what was held back. */
  resume(): void;
  close(): Promise<void>;
}

export async function tcpProxy(databaseUrl: string): Promise<TcpProxy> {
  const target = new URL(databaseUrl);
  const pairs = new Set<[Socket, Socket]>();
  let state: 'open' | 'cut' | 'paused' = 'open';

  const server = createServer((client) => {
    if (state === 'cut') return void client.destroy();
    const upstream = connect(Number(target.port || 5432), target.hostname);
    const pair: [Socket, Socket] = [client, upstream];
    pairs.add(pair);
    for (const [from, to] of [pair, [upstream, client]] as const) {
      from.on('data', (chunk) => to.write(chunk));
      from.on('error', () => undefined);
      from.on('close', () => (to.destroy(), pairs.delete(pair)));
    }
    if (state === 'paused') hold(pair);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  function hold(pair: [Socket, Socket]): void {
    for (const socket of pair) socket.pause();
  }

  function cut(): void {
    state = 'cut';
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  }

  return {
    url: url.href,
    cut,
    pause() {
      state = 'paused';
      for (const pair of pairs) hold(pair);
    },
    resume() {
      state = 'open';
      for (const pair of pairs) for (const socket of pair) socket.resume();
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
