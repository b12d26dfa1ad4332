import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  sign,
  verify,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { z } from 'zod';
import { OperatorError } from '../shared/operator-error.js';
import type { EventKey, KeyRing, RefreshKey, SigningKey } from './key-ring.js';
import { thumbprint } from './key-thumbprint.js';

/** `use` of the secret that refresh tokens are derived from. RFC 7517 §4.2 allows values of an application. */
export const REFRESH_USE = 'refresh';
/**
 * `use` of the secret for the MACs of security events. These keys are in a member `event_keys` of the JWK Set: versions
 * that do not know it ignore the member (RFC 7517 §5), but would reject the ring for an unknown `use` in `keys`.
 */
export const EVENT_USE = 'events';

const LEAST_SECRET_BYTES = 32;
const LEAST_DISTINCT_BYTES = 10;
const LEAST_RSA_BITS = 2048;
const PLACEHOLDER = /secret|change.?me|password|passphrase|example|placeholder|undefined|null|default|tandem/i;
const SENTENCE = /^[\x20-\x7e]*[a-z] [a-z][\x20-\x7e]*$/i;
const PROBE = Buffer.from('tandem');

const jwkSchema = z.looseObject({
  kty: z.enum(['EC', 'RSA', 'oct']),
  kid: z.string().min(1).max(200).optional(),
  alg: z.string().optional(),
  use: z.enum(['sig', REFRESH_USE, EVENT_USE]).default('sig'),
  /** Tandem's own: the time (seconds since the epoch) from which the key makes tokens. It verifies at once. */
  signs_from: z.number().int().nonnegative().default(0),
});
type Jwk = z.infer<typeof jwkSchema>;

const setSchema = z.object({
  keys: z.array(z.unknown()),
  event_keys: z.array(z.looseObject({ use: z.literal(EVENT_USE) })).default([]),
});

/** A ring cannot be used. The message names the source, the position and the kid of the key, never key material. */
export class KeyRingError extends OperatorError {
  override readonly name = 'KeyRingError';
}

/**
 * Reads a key ring from a JWK Set with private keys. `source` names the text in messages.
 * @throws KeyRingError for anything but a ring of strong, distinct keys
 */
export function parseKeyRing(json: string, source: string): KeyRing {
  const signingKeys = new Map<string, SigningKey>();
  const refreshKeys = new Map<string, RefreshKey>();
  const eventKeys = new Map<string, EventKey>();
  jwksOf(json, source).forEach((entry, position) => {
    const parsed = jwkSchema.safeParse(entry);
    if (!parsed.success) {
      const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ');
      throw new KeyRingError(`Key ${position} of ${source}: ${problems}.`);
    }
    const jwk = parsed.data;
    if (jwk.kty === 'oct' && jwk.kid === undefined) {
      // Its thumbprint would publish a hash of the secret in every token.
      throw new KeyRingError(`Key ${position} of ${source} is a secret without a kid. Add a kid.`);
    }
    const kid = kidOf(jwk);
    const fail = (problem: string): never => {
      throw new KeyRingError(`Key ${position} of ${source} (kid ${kid}) ${problem}.`);
    };
    if (signingKeys.has(kid) || refreshKeys.has(kid) || eventKeys.has(kid)) fail('has the kid of another key');
    if (jwk.use === REFRESH_USE) {
      refreshKeys.set(kid, { kid, activeFromSeconds: jwk.signs_from, secret: secretOf(jwk, fail) });
    } else if (jwk.use === EVENT_USE) {
      eventKeys.set(kid, { kid, activeFromSeconds: jwk.signs_from, secret: secretOf(jwk, fail) });
    } else {
      signingKeys.set(kid, { kid, activeFromSeconds: jwk.signs_from, ...signingMaterial(jwk, fail) });
    }
  });
  return { signingKeys, refreshKeys, eventKeys };
}

/** The name of a key: its own, or its thumbprint. */
export function kidOf(jwk: { kid?: string; kty: string }): string {
  return jwk.kid ?? thumbprint(jwk);
}

function jwksOf(json: string, source: string): unknown[] {
  let set: unknown;
  try {
    set = JSON.parse(json);
  } catch {
    // The parser's own message quotes the text, which is key material.
    throw new KeyRingError(`The key ring ${source} is not valid JSON.`);
  }
  const parsed = setSchema.safeParse(set);
  if (!parsed.success) throw new KeyRingError(`The key ring ${source} is not a JWK Set: it needs an array "keys".`);
  return [...parsed.data.keys, ...parsed.data.event_keys];
}

type Fail = (problem: string) => never;

function signingMaterial(jwk: Jwk, fail: Fail): Pick<SigningKey, 'algorithm' | 'privateKey' | 'publicKey'> {
  switch (jwk.kty) {
    case 'oct': {
      if ((jwk.alg ?? 'HS256') !== 'HS256') fail('is a secret, whose alg must be HS256');
      const secret = secretOf(jwk, fail);
      return { algorithm: 'HS256', privateKey: secret, publicKey: secret };
    }
    case 'EC': {
      if ((jwk.alg ?? 'ES256') !== 'ES256') fail('is an elliptic curve key, whose alg must be ES256');
      if (jwk['crv'] !== 'P-256') fail('must be on the curve P-256, which ES256 signs with');
      return { algorithm: 'ES256', ...keyPair(jwk, fail) };
    }
    case 'RSA': {
      if ((jwk.alg ?? 'RS256') !== 'RS256') fail('is an RSA key, whose alg must be RS256');
      const pair = keyPair(jwk, fail);
      const bits = pair.publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
      if (bits < LEAST_RSA_BITS) fail(`has ${bits} bits; RSA keys need at least ${LEAST_RSA_BITS}`);
      return { algorithm: 'RS256', ...pair };
    }
  }
}

function keyPair(jwk: Jwk, fail: Fail): { privateKey: KeyObject; publicKey: KeyObject } {
  if (typeof jwk['d'] !== 'string') fail('is a public key; the ring needs the private one');
  try {
    const privateKey = createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' });
    const publicKey = createPublicKey(privateKey);
    // node:crypto does not check that the public members belong to the private ones. If not, no token would verify.
    if (verify('sha256', PROBE, publicKey, sign('sha256', PROBE, privateKey))) return { privateKey, publicKey };
  } catch {
    // The members are not a key. The message of node:crypto could repeat them.
  }
  return fail('is not a valid key of its kty');
}

function secretOf(jwk: Jwk, fail: Fail): KeyObject {
  const k = jwk['k'];
  if (jwk.kty !== 'oct' || typeof k !== 'string') return fail('must be a secret: kty "oct" with a "k"');
  const bytes = Buffer.from(k, 'base64url');
  if (bytes.length < LEAST_SECRET_BYTES) fail(`is too short: a secret needs at least ${LEAST_SECRET_BYTES} bytes`);
  if (isGuessable(bytes)) fail('is guessable: make secrets with a random generator');
  return createSecretKey(bytes);
}

/** Padded and repeated values have few distinct bytes. Placeholders and sentences contain words. Random bytes do neither. */
function isGuessable(bytes: Buffer): boolean {
  const text = bytes.toString('latin1');
  return new Set(bytes).size < LEAST_DISTINCT_BYTES || PLACEHOLDER.test(text) || SENTENCE.test(text);
}
