import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PageServer {
  /** The origin of the pages under a host name of this machine, such as `localhost` or `evil.test`. */
  originOf(hostName: string): string;
  close(): Promise<void>;
}

/** Serves an empty page at every path, for tests that run scripts in it. */
export async function servePages(): Promise<PageServer> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8').end('<!doctype html><title>A front-end</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    originOf: (hostName) => `http://${hostName}:${port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
