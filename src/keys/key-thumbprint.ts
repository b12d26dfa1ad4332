import { createHash } from 'node:crypto';

const MEMBERS: Record<string, readonly string[]> = {
  EC: ['crv', 'kty', 'x', 'y'],
  RSA: ['e', 'kty', 'n'],
  oct: ['k', 'kty'],
};

/** The JWK thumbprint (RFC 7638): SHA-256 over the key's required public members in order, base64url. */
export function thumbprint(jwk: { kty: string; [member: string]: unknown }): string {
  const members = (MEMBERS[jwk.kty] ?? []).map((name) => [name, jwk[name]]);
  return createHash('sha256')
    .update(JSON.stringify(Object.fromEntries(members)))
    .digest('base64url');
}
