import type { AuthTokenAlgorithm, KeyRing } from './key-ring.js';
import { generateEventKey, generateRefreshKey, generateSigningKey, type PrivateJwk } from './key-generation.js';
import { EVENT_USE, KeyRingError } from './key-ring-jwks.js';

/** For messages. In production `npm run` could not build: the compiler is a development dependency. */
export const KEYS_INIT = 'npm run keys -- init (in production: node dist/cli/keys.js init)';
const KEYS_ROTATE = 'npm run keys -- rotate (in production: node dist/cli/keys.js rotate)';

/** New keys of the kinds that the ring needs and does not have. */
export function missingKeys(
  ring: KeyRing,
  algorithm: AuthTokenAlgorithm | undefined,
  nowSeconds: number,
): PrivateJwk[] {
  const signs = [...ring.signingKeys.values()].some((key) => !algorithm || key.algorithm === algorithm);
  return [
    ...(signs ? [] : [generateSigningKey(algorithm ?? 'ES256', nowSeconds)]),
    ...(ring.refreshKeys.size > 0 ? [] : [generateRefreshKey(nowSeconds)]),
    ...(ring.eventKeys.size > 0 ? [] : [generateEventKey(nowSeconds)]),
  ];
}

/**
 * A ring without a key for security events is accepted, because the previous version wrote such rings.
 * @throws KeyRingError if the ring has no key that signs auth tokens, or no secret for refresh tokens
 */
export function requireAllKinds(ring: KeyRing, source: string, algorithm: AuthTokenAlgorithm | undefined): KeyRing {
  const missing = missingKeys(ring, algorithm, 0).find(({ use }) => use !== EVENT_USE);
  if (!missing) return ring;
  const what =
    missing.use === 'sig' ? `a signing key${algorithm ? ` for ${algorithm}` : ''}` : 'a secret for refresh tokens';
  throw new KeyRingError(
    `The key ring ${source} needs ${what}. Create a ring with: ${KEYS_INIT}, or add a key with: ${KEYS_ROTATE}`,
  );
}
