import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { clientNetwork } from '../limits/client-network.js';
import type { Logger } from '../shared/logger.js';
import type { IsTrusted } from './trusted-proxies.js';

export interface ConnectionSettings {
  /** How many connections one client address may have: an IPv6 client, its /64. */
  readonly perAddress: number;
  /** How many connections this process has at most. */
  readonly total: number;
}

const LOG_EVERY_MS = 60_000;

/**
 * Closes connections beyond the bounds at once, before they cost more than a socket. Trusted proxies have no bound of their
 * own, because they carry the connections of many clients.
 */
export function connectionBounds(
  server: Server,
  { perAddress, total }: ConnectionSettings,
  isTrusted: IsTrusted,
  logger: Logger,
): void {
  const counts = new Map<string, number>();
  let nextLogAt = 0;
  let rejected = 0;
  server.maxConnections = total;
  server.on('drop', () => reject('CONNECTIONS'));
  server.on('connection', (socket: Socket) => {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined || isTrusted(remoteAddress)) return;
    const network = clientNetwork(remoteAddress);
    const count = (counts.get(network) ?? 0) + 1;
    if (count > perAddress) {
      socket.destroy();
      return reject('CONNECTIONS_PER_ADDRESS', network);
    }
    counts.set(network, count);
    socket.once('close', () => {
      const left = (counts.get(network) ?? 1) - 1;
      if (left > 0) counts.set(network, left);
      else counts.delete(network);
    });
  });

  function reject(setting: string, network?: string): void {
    rejected += 1;
    if (performance.now() < nextLogAt) return;
    nextLogAt = performance.now() + LOG_EVERY_MS;
    logger.warn({ event: 'http.connections_rejected', setting, network, rejected }, 'connections were closed at once');
    rejected = 0;
  }
}
