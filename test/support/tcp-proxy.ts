import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A proxy between a server and its database that simulates network faults. */
export interface TcpProxy {
  /** The URL of the database through the proxy. */
  readonly url: string;
  /** Closes all connections and rejects new ones; with a name, only those of applications with this name. */
  cut(applicationName?: string): void;
  /** Keeps and accepts connections but forwards nothing, like a host that has vanished. */
  pause(): void;
  /** Forwards everything again, including what was held back. */
  resume(): void;
  close(): Promise<void>;
}

export async function tcpProxy(databaseUrl: string): Promise<TcpProxy> {
  const target = new URL(databaseUrl);
  const pairs = new Set<[Socket, Socket]>();
  const applications = new Map<Socket, string>();
  let state: 'open' | 'cut' | 'paused' = 'open';
  let rejected: string | undefined;

  const server = createServer((client) => {
    if (state === 'cut') return void client.destroy();
    // The first message of a connection contains the name of the application in plain text.
    client.once('data', (start) => {
      applications.set(client, start.toString('latin1'));
      if (isRejected(client)) client.destroy();
    });
    const upstream = connect(Number(target.port || 5432), target.hostname);
    const pair: [Socket, Socket] = [client, upstream];
    pairs.add(pair);
    for (const [from, to] of [pair, [upstream, client]] as const) {
      from.on('data', (chunk) => to.write(chunk));
      from.on('error', () => undefined);
      from.on('close', () => (to.destroy(), applications.delete(from), pairs.delete(pair)));
    }
    if (state === 'paused') hold(pair);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  function hold(pair: [Socket, Socket]): void {
    for (const socket of pair) socket.pause();
  }

  function isRejected(client: Socket): boolean {
    return rejected !== undefined && (applications.get(client)?.includes(rejected) ?? false);
  }

  function cut(applicationName?: string): void {
    if (applicationName === undefined) state = 'cut';
    rejected = applicationName;
    for (const [client, upstream] of pairs) {
      if (state !== 'cut' && !isRejected(client)) continue;
      client.destroy();
      upstream.destroy();
    }
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
      rejected = undefined;
      for (const pair of pairs) for (const socket of pair) socket.resume();
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
