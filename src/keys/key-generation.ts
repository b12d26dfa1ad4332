import { createPrivateKey, generateKeyPairSync, randomBytes, type BasePrivateKeyEncodingOptions } from 'node:crypto';
import type { AuthTokenAlgorithm } from './key-ring.js';
import { EVENT_USE, REFRESH_USE } from './key-ring-jwks.js';
import { thumbprint } from './key-thumbprint.js';

export type PrivateJwk = { kty: string; kid: string; use: string; signs_from: number; [member: string]: unknown };

/**
 * Options for `generateKeyPairSync`. Without them it returns key objects, and in Node 20 exporting one can deadlock, if
 * the garbage collector frees the job that generated the key at the same time.
 */
export const AS_PEM = {
  publicKeyEncoding: { type: 'spki' as const, format: 'pem' as const },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' } as BasePrivateKeyEncodingOptions<'pem'> & { type: 'pkcs8' },
};

/** A new key for auth tokens, as a private JWK. `activeFromSeconds` counts from the epoch. */
export function generateSigningKey(algorithm: AuthTokenAlgorithm, activeFromSeconds: number): PrivateJwk {
  if (algorithm === 'HS256') return generateSecret('sig', activeFromSeconds);
  const { privateKey } =
    algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256', ...AS_PEM })
      : generateKeyPairSync('rsa', { modulusLength: 3072, ...AS_PEM });
  const jwk = { kty: '', ...createPrivateKey(privateKey).export({ format: 'jwk' }) };
  const kid = thumbprint(jwk);
  // One thumbprint in 64 begins with "-", and `keys retire <kid>` would parse it as an option.
  if (kid.startsWith('-')) return generateSigningKey(algorithm, activeFromSeconds);
  return { ...jwk, kid, alg: algorithm, use: 'sig', signs_from: activeFromSeconds };
}

/** A new secret that refresh tokens are derived from. */
export function generateRefreshKey(activeFromSeconds: number): PrivateJwk {
  return generateSecret(REFRESH_USE, activeFromSeconds);
}

/** A new secret for the MACs of security events. */
export function generateEventKey(activeFromSeconds: number): PrivateJwk {
  return generateSecret(EVENT_USE, activeFromSeconds);
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
