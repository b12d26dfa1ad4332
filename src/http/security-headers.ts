/**
 * The headers of every response. JSON needs nothing that a browser could load, and no page may show it in a frame. Whether
 * clients must use TLS (HSTS) is said by whatever terminates TLS: docs/running.md.
 */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin', // does not concern CORS requests
} as const;

/** For pages that have a policy of their own in their HTML. */
export const PAGE_POLICY = "frame-ancestors 'none'";
