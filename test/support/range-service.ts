import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RangeService {
  readonly url: string;
  /** The requests so far. */
  readonly requests: IncomingMessage[];
  /** Sends something else than a range. */
  respond: ((response: ServerResponse) => void) | undefined;
  close(): Promise<void>;
}

/** Responds to range queries as Pwned Passwords does, with lines that pad each response. */
export async function startRangeService(stolen: readonly string[]): Promise<RangeService> {
  const hashes = stolen.map((password) => createHash('sha1').update(password).digest('hex').toUpperCase());
  const server = createServer((request, response) => {
    service.requests.push(request);
    if (service.respond) return service.respond(response);
    const [, prefix = ''] = /^\/range\/([0-9A-F]{5})$/.exec(request.url ?? '') ?? [];
    const found = hashes.filter((hash) => prefix && hash.startsWith(prefix)).map((hash) => `${hash.slice(5)}:42`);
    response.end([...found, `${'0'.repeat(34)}1:0`, `${padding(prefix)}:0`].join('\r\n'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const service: RangeService = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/range`,
    requests: [],
    respond: undefined,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return service;
}

/** Padding may be the hash of a password that nobody stole. */
const NOT_STOLEN = createHash('sha1').update('seven otters in a teapot').digest('hex').toUpperCase();
const padding = (prefix: string) => (NOT_STOLEN.startsWith(prefix) ? NOT_STOLEN.slice(5) : 'F'.repeat(35));
