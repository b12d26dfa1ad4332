import { isIPv4 } from 'node:net';
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';

/** An address with a port, as some proxies write it: `192.0.2.1:4711` or `[2001:db8::1]:4711`. */
const WITH_PORT = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/;

/**
 * The client IP address in its canonical form, without port, IPv4-mapped IPv6 as IPv4. If a trusted proxy forwards
 * something that is not an address, it is the proxy's own address.
 */
export function clientAddress({ ip, socket }: Pick<FastifyRequest, 'ip' | 'socket'>): string {
  return canonical(ip) ?? canonical(socket.remoteAddress ?? '') ?? 'unknown';
}

function canonical(text: string): string | undefined {
  if (isIPv4(text)) return text;
  const [, bracketed, withPort] = WITH_PORT.exec(text) ?? [];
  const address = (bracketed ?? withPort ?? text).replace(/%.*$/, ''); // without the zone of a link-local address
  if (!ipaddr.IPv6.isValid(address) && !isIPv4(address)) return undefined;
  return ipaddr.process(address).toString();
}
