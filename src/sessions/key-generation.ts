import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { AuthTokenAlgorithm } from '../config.js';
import { REFRESH_USE } from './key-ring-jwks.js';
import { thumbprint } from './key-thumbprint.js';

export type PrivateJwk = { kty: string; kid: string; use: string; signs_from: number; [member: string]: unknown };

/** A fresh key for auth tokens, as a JWK with its private part. `signsFromSeconds` counts from the epoch. */
export function generateSigningKey(algorithm: AuthTokenAlgorithm, signsFromSeconds: number): PrivateJwk {
  if (algorithm === 'HS256') return generateSecret('sig', signsFromSeconds);
  const { privateKey } =
    algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 3072 });
  const jwk = { kty: '', ...privateKey.export({ format: 'jwk' }) };
  const kid = thumbprint(jwk);
  // One thumbprint in 64 begins with "-": `keys retire <kid>` would take it for an option.
  if (kid.startsWith('-')) return generateSigningKey(algorithm, signsFromSeconds);
  return { ...jwk, kid, alg: algorithm, use: 'sig', signs_from: signsFromSeconds };
}

/** A fresh secret that refresh tokens are derived with. */
export function generateRefreshKey(signsFromSeconds: number): PrivateJwk {
  return generateSecret(REFRESH_USE, signsFromSeconds);
}

/** A symmetric key gets a random kid: a thumbprint would publish a hash of the secret in every token's header. */
function generateSecret(use: string, signsFromSeconds: number): PrivateJwk {
  return {
    kty: 'oct',
    kid: randomBytes(16).toString('hex'),
    alg: 'HS256',
    use,
    signs_from: signsFromSeconds,
    k: randomBytes(32).toString('base64url'),
  };
}
