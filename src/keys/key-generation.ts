import { createPrivateKey, generateKeyPairSync, randomBytes, type BasePrivateKeyEncodingOptions } from 'node:crypto';
import type { AuthTokenAlgorithm } from './key-ring.js';
import { REFRESH_USE } from './key-ring-jwks.js';
import { thumbprint } from './key-thumbprint.js';

export type PrivateJwk = { kty: string; kid: string; use: string; signs_from: number; [member: string]: unknown };

/**
 * For `generateKeyPairSync`. In Node 20, exporting the key object that it makes otherwise may wait for its own lock
 * without end: when the garbage collector, in the middle of it, takes away the job that made the key.
 */
export const AS_PEM = {
  publicKeyEncoding: { type: 'spki' as const, format: 'pem' as const },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' } as BasePrivateKeyEncodingOptions<'pem'> & { type: 'pkcs8' },
};

/** A fresh key for auth tokens, as a JWK with its private part. `activeFromSeconds` counts from the epoch. */
export function generateSigningKey(algorithm: AuthTokenAlgorithm, activeFromSeconds: number): PrivateJwk {
  if (algorithm === 'HS256') return generateSecret('sig', activeFromSeconds);
  const { privateKey } =
    algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256', ...AS_PEM })
      : generateKeyPairSync('rsa', { modulusLength: 3072, ...AS_PEM });
  const jwk = { kty: '', ...createPrivateKey(privateKey).export({ format: 'jwk' }) };
  const kid = thumbprint(jwk);
  // One thumbprint in 64 begins with "-": `keys retire <kid>` would take it for an option.
  if (kid.startsWith('-')) return generateSigningKey(algorithm, activeFromSeconds);
  return { ...jwk, kid, alg: algorithm, use: 'sig', signs_from: activeFromSeconds };
}

/** A fresh secret that refresh tokens are derived with. */
export function generateRefreshKey(activeFromSeconds: number): PrivateJwk {
  return generateSecret(REFRESH_USE, activeFromSeconds);
}

/** A symmetric key gets a random kid: a thumbprint would publish a hash of the secret in every token's header. */
function generateSecret(use: string, activeFromSeconds: number): PrivateJwk {
  return {
    kty: 'oct',
    kid: randomBytes(16).toString('hex'),
    alg: 'HS256',
    use,
    signs_from: activeFromSeconds,
    k: randomBytes(32).toString('base64url'),
  };
}
