import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a request is from a page that may use cookies: its origin is in the list, and it is of the same site as the API.
 * Browsers neither send nor store SameSite=Strict cookies for pages of other sites, so those could not stay logged in. They
 * send Sec-Fetch-Site if the server has TLS or is on the same machine; `none` is no request of a page.
 */
export function isAllowedOrigin(
  { origin, 'sec-fetch-site': site }: IncomingHttpHeaders,
  allowed: readonly string[],
): boolean {
  if (origin === undefined || !allowed.includes(origin)) return false;
  return site === undefined || site === 'same-origin' || site === 'same-site';
}
