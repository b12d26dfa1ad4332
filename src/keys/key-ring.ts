import type { KeyObject } from 'node:crypto';

export const AUTH_TOKEN_ALGORITHMS = ['ES256', 'RS256', 'HS256'] as const;
export type AuthTokenAlgorithm = (typeof AUTH_TOKEN_ALGORITHMS)[number];

export interface KeyRingSettings {
  /** The ring itself as JSON; takes precedence over `file`. */
  readonly json?: string | undefined;
  readonly file: string;
  /** Sign with keys of this algorithm only. Undefined: with the newest key. */
  readonly algorithm?: AuthTokenAlgorithm | undefined;
  /** Reject a ring that is missing, incomplete or not private, instead of creating or completing it. */
  readonly production: boolean;
}

/** A key that auth tokens are signed and verified with. For HS256 both are the same secret. */
export interface SigningKey {
  readonly kid: string;
  readonly algorithm: AuthTokenAlgorithm;
  readonly activeFromSeconds: number;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** A secret that refresh tokens are derived from. Never leaves the server. */
export interface RefreshKey {
  readonly kid: string;
  readonly activeFromSeconds: number;
  readonly secret: KeyObject;
}

/** A secret that the MACs of security events are computed with. Never leaves the server. */
export type EventKey = RefreshKey;

/** The keys of this server. The newest active key of a kind signs or derives; every key verifies what it made. */
export interface KeyRing {
  readonly signingKeys: ReadonlyMap<string, SigningKey>;
  readonly refreshKeys: ReadonlyMap<string, RefreshKey>;
  /** Empty in a ring of a version without such keys. */
  readonly eventKeys: ReadonlyMap<string, EventKey>;
}

/** The key that signs auth tokens now. */
export function activeSigningKey(ring: KeyRing, nowSeconds: number, algorithm?: AuthTokenAlgorithm): SigningKey {
  const candidates = [...ring.signingKeys.values()].filter((key) => !algorithm || key.algorithm === algorithm);
  return newest(candidates, nowSeconds);
}

/** The secret that the refresh tokens of new sessions are derived from now. */
export function activeRefreshKey(ring: KeyRing, nowSeconds: number): RefreshKey {
  return newest([...ring.refreshKeys.values()], nowSeconds);
}

/** The secret for the MACs of security events from now on, if the ring has one. */
export function activeEventKey({ eventKeys }: Pick<KeyRing, 'eventKeys'>, nowSeconds: number): EventKey | undefined {
  return eventKeys.size === 0 ? undefined : newest([...eventKeys.values()], nowSeconds);
}

/** The public half of the ring as a JWK Set (RFC 7517). Symmetric keys have no public half and are left out. */
export function publicJwks(ring: KeyRing): { keys: object[] } {
  return {
    keys: [...ring.signingKeys.values()]
      .filter((key) => key.publicKey.type === 'public')
      .map((key) => ({ ...key.publicKey.export({ format: 'jwk' }), kid: key.kid, alg: key.algorithm, use: 'sig' })),
  };
}

function newest<Key extends { activeFromSeconds: number }>(keys: Key[], nowSeconds: number): Key {
  const byAge = keys.toSorted((a, b) => a.activeFromSeconds - b.activeFromSeconds);
  // If the key in use was removed before its successor became active, the successor signs early.
  const key = byAge.findLast(({ activeFromSeconds }) => activeFromSeconds <= nowSeconds) ?? byAge[0];
  if (!key) throw new Error('The key ring has no key that issues tokens.'); // loadKeyRing rejects such a ring
  return key;
}
