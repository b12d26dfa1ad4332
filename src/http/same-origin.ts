import type { FastifyRequest } from 'fastify';

/**
 * Whether a request is from a page of this server, or from a program that is no browser. Browsers say it in Sec-Fetch-Site,
 * if the server has TLS or is on the same machine. In Origin they send "null" from pages that hide their address with
 * `Referrer-Policy: no-referrer`, even to the same origin.
 */
export function isSameOrigin({ headers }: FastifyRequest): boolean {
  const { origin, host, 'sec-fetch-site': site } = headers;
  if (site !== undefined) return site === 'same-origin';
  return origin === undefined || (host !== undefined && origin.endsWith(`://${host}`));
}
