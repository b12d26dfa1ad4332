import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from './until.js';

/** A proxy before a server. It holds responses back for as long as a test wants. */
export interface HoldingProxy {
  /** The URL under a host name of this machine. */
  urlOf(hostName: string): string;
  /** From now on, holds each response to a request whose body contains the text. */
  hold(text: string): void;
  /** Resolves when so many responses are held: the server has done its work. */
  held(count: number): Promise<void>;
  /** Lets the held response with this number, counted from 0, go. Further responses are not held. */
  release(index: number): void;
  close(): Promise<void>;
}

export async function holdingProxy(serverUrl: string): Promise<HoldingProxy> {
  const { port, hostname } = new URL(serverUrl);
  let waiting: (() => void)[] = [];
  let held: string | undefined;
  const server = createServer((incoming, outgoing) => {
    void bytesOf(incoming).then((body) => {
      const { method, url: path, headers } = incoming;
      const upstream = request({ port, hostname, method, path, headers }, (response) => {
        const pass = () => {
          outgoing.writeHead(response.statusCode ?? 502, response.rawHeaders);
          response.pipe(outgoing);
        };
        if (held !== undefined && body.includes(held)) waiting.push(pass);
        else pass();
      });
      upstream.on('error', () => outgoing.destroy());
      upstream.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: ownPort } = server.address() as AddressInfo;
  return {
    urlOf: (hostName) => `http://${hostName}:${ownPort}`,
    hold(text) {
      held = text;
      waiting = [];
    },
    held: (count) => until(async () => waiting.length >= count),
    release(index) {
      held = undefined;
      waiting[index]?.();
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function bytesOf(incoming: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await incoming.toArray());
}
