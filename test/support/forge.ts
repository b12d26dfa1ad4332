import { createHmac, createPrivateKey, generateKeyPairSync, randomBytes, sign, type JsonWebKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { AS_PEM } from '../../src/keys/key-generation.js';
import type { Tandem } from './harness.js';

/** A key as the key ring file contains it. */
export interface RingKey extends JsonWebKey {
  kty: string;
  kid: string;
  alg: string;
  use: string;
  signs_from: number;
}

export type Signer = (input: string) => Buffer;

/** The differences between a forged and a genuine token. `undefined` removes a member. */
export interface Changes {
  header?: object;
  claims?: object;
  /** The raw payload to sign instead of the claims. */
  payload?: string;
}

/** All keys in the key ring file of a server. */
export function ringKeys({ keyRingPath }: Pick<Tandem, 'keyRingPath'>): RingKey[] {
  return (JSON.parse(readFileSync(keyRingPath, 'utf8')) as { keys: RingKey[] }).keys;
}

/** Replaces the key ring file of a server. */
export function writeRing({ keyRingPath }: Pick<Tandem, 'keyRingPath'>, keys: readonly object[]): void {
  writeFileSync(keyRingPath, JSON.stringify({ keys }), { mode: 0o600 });
}

/** The key with which a new server signs auth tokens. */
export function signingKey(tandem: Pick<Tandem, 'keyRingPath'>): RingKey {
  return keyFor('sig', tandem);
}

/** The secret from which a new server derives refresh tokens. */
export function refreshKey(tandem: Pick<Tandem, 'keyRingPath'>): RingKey {
  return keyFor('refresh', tandem);
}

/** Creates a valid key that no server has. */
export function makeKey(alg: string, members: Partial<RingKey> = {}): RingKey {
  const rest = { kid: randomBytes(16).toString('hex'), alg, use: 'sig', signs_from: 0, ...members };
  if (alg === 'HS256') return { kty: 'oct', k: randomBytes(32).toString('base64url'), ...rest };
  const { privateKey } =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256', ...AS_PEM })
      : generateKeyPairSync('rsa', { modulusLength: 2048, ...AS_PEM });
  return { ...jwkOf(privateKey), ...rest } as RingKey;
}

export function jwkOf(pem: string): JsonWebKey {
  return createPrivateKey(pem).export({ format: 'jwk' });
}

/** Signs with the algorithm of the key. It uses node:crypto and not the library under test. */
export function signerOf(key: RingKey): Signer {
  if (key.alg === 'HS256') return macWith(Buffer.from(String(key.k), 'base64url'));
  const privateKey = createPrivateKey({ key, format: 'jwk' });
  return (input) => sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
}

export function macWith(secret: string | Buffer): Signer {
  return (input) => createHmac('sha256', secret).update(input).digest();
}

/** A copy of a genuine token with the changes, signed by `signer`. */
export function forge(genuine: string, signer: Signer, { header, claims, payload }: Changes = {}): string {
  const parts = decode(genuine);
  const input = `${segment(JSON.stringify({ ...parts.header, ...header }))}.${segment(
    payload ?? JSON.stringify({ ...parts.claims, ...claims }),
  )}`;
  return `${input}.${signer(input).toString('base64url')}`;
}

/** Decodes a token without verifying it. */
export function decode(token: string): { header: Record<string, unknown>; claims: Record<string, unknown> } {
  const [header = '', claims = ''] = token.split('.');
  return { header: parsed(header), claims: parsed(claims) };
}

export function segment(text: string | Buffer): string {
  return Buffer.from(text as string).toString('base64url');
}

/** The token with one flipped bit in its signature. */
export function withFlippedBit(token: string): string {
  const [header = '', claims = '', signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return `${header}.${claims}.${segment(bytes)}`;
}

function keyFor(use: string, tandem: Pick<Tandem, 'keyRingPath'>): RingKey {
  const key = ringKeys(tandem).find((candidate) => candidate.use === use);
  if (!key) throw new Error(`The ring has no key whose use is ${use}`);
  return key;
}

function parsed(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
}
