import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { AS_PEM } from '../../src/keys/key-generation.js';
import { loadKeyRing } from '../../src/keys/key-ring-file.js';
import { KeyRingError } from '../../src/keys/key-ring-jwks.js';
import { jwkOf, makeKey, type RingKey } from '../support/forge.js';

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'] as const;
const refresh = makeKey('HS256', { kid: 'refresh', use: 'refresh' });
const ec = makeKey('ES256', { kid: 'ec' });
const otherEc = makeKey('ES256', { kid: 'other-ec' });
const rsa = makeKey('RS256', { kid: 'rsa' });

function load(keys: readonly unknown[], production = true) {
  return loadKeyRing({ production, json: JSON.stringify({ keys }), file: '/nowhere' }, 0);
}

/** The error with which a ring is rejected, or undefined. */
function refusalOf(json: string, production = true): Error | undefined {
  try {
    loadKeyRing({ production, json, file: '/nowhere' }, 0);
  } catch (error) {
    return error as Error;
  }
  return undefined;
}

const secret = (bytes: Buffer): RingKey => ({ ...makeKey('HS256'), k: bytes.toString('base64url') });
const asJwk = (pem: string, alg: string) => ({ ...jwkOf(pem), alg, kid: 'x', use: 'sig', signs_from: 0 }) as RingKey;
const publicHalf = (key: RingKey) => ({
  ...createPublicKey({ key, format: 'jwk' }).export({ format: 'jwk' }),
  alg: key.alg,
});
const onCurve = (namedCurve: string, alg: string) =>
  asJwk(generateKeyPairSync('ec', { namedCurve, ...AS_PEM }).privateKey, alg);

describe('a key ring', () => {
  it.each([
    ['an ES256 key', [ec, refresh]],
    ['an RS256 key of 2048 bits', [rsa, refresh]],
    ['a secret for HS256', [makeKey('HS256'), refresh]],
    [
      'a key that names no algorithm, use, kid or time',
      [{ ...ec, alg: undefined, use: undefined, kid: undefined, signs_from: undefined }, refresh],
    ],
    ['several of each', [ec, otherEc, rsa, refresh, makeKey('HS256', { use: 'refresh' })]],
    ['unknown members', [{ ...ec, key_ops: ['sign'], note: 'x' }, refresh]],
  ])('may contain %s', (_what, keys) => {
    expect(load(keys).signingKeys.size).toBeGreaterThan(0);
  });

  describe.each([true, false])('(in production: %s)', (production) => {
    it.each<[string, unknown]>([
      [
        'an RSA key of 1024 bits',
        asJwk(generateKeyPairSync('rsa', { modulusLength: 1024, ...AS_PEM }).privateKey, 'RS256'),
      ],
      ['an EC key on P-384', onCurve('P-384', 'ES384')],
      ['an EC key on P-384 that claims ES256', onCurve('P-384', 'ES256')],
      ['an EC key on secp256k1', onCurve('secp256k1', 'ES256')],
      ['an EC key that claims another algorithm', { ...ec, alg: 'ES384' }],
      ['an EC key that claims HS256', { ...ec, alg: 'HS256' }],
      ['an RSA key that claims ES256', { ...rsa, alg: 'ES256' }],
      ['an RSA key that claims PS256', { ...rsa, alg: 'PS256' }],
      ['a secret that claims HS512', { ...makeKey('HS256'), alg: 'HS512' }],
      ['a secret that claims none', { ...makeKey('HS256'), alg: 'none' }],
      ['a key pair of Ed25519', asJwk(generateKeyPairSync('ed25519', AS_PEM).privateKey, 'EdDSA')],
      ['the public half of an EC key', publicHalf(ec)],
      ['the public half of an RSA key', publicHalf(rsa)],
      ['an EC key with a broken coordinate', { ...ec, x: 'AAAA' }],
      ['an EC key with another key’s coordinates', { ...ec, x: otherEc.x, y: otherEc.y }],
      ['an RSA key with another key’s modulus', { ...rsa, n: makeKey('RS256').n }],
      ['a secret without a secret', { ...makeKey('HS256'), k: undefined }],
      ['an empty secret', secret(Buffer.alloc(0))],
      ['a secret of 31 bytes', secret(Buffer.from(makeKey('HS256').k ?? '', 'base64url').subarray(1))],
      ['a secret of zeros', secret(Buffer.alloc(64))],
      ['a secret that is a repeated word', secret(Buffer.from('changeme'.repeat(8)))],
      ['a secret that is a sentence', secret(Buffer.from('the quick brown fox jumps over the lazy dog'))],
      ['a secret that is the usual placeholder', secret(Buffer.from('your-256-bit-secret-goes-here-your-256-bit'))],
      ['an auth-token secret for refresh tokens that is short', { ...secret(Buffer.from('short')), use: 'refresh' }],
      ['a key pair for refresh tokens', { ...ec, use: 'refresh' }],
      ['a key for encryption', { ...ec, use: 'enc' }],
      ['a key with a negative time', { ...ec, signs_from: -1 }],
      ['a key with a time in words', { ...ec, signs_from: 'tomorrow' }],
      ['a key with an empty kid', { ...ec, kid: '' }],
      ['a kid that is no text', { ...ec, kid: 5 }],
      ['the kid of another key', { ...otherEc, kid: 'good' }],
      ['the kid of the refresh secret', { ...otherEc, kid: 'refresh' }],
      ['null', null],
      ['a text', 'key'],
    ])('must not contain %s, and the error shows no key', (_what, bad) => {
      const keys = [{ ...ec, kid: 'good' }, refresh, bad];
      const refusal = refusalOf(JSON.stringify({ keys }), production);
      expect(refusal).toBeInstanceOf(KeyRingError);
      expectNoKeyIn(refusal, keys);
    });

    it.each([
      ['not JSON', `{"keys":[${JSON.stringify(ec)}`],
      ['a PEM', '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----'],
      ['a bare key', JSON.stringify(ec)],
      ['a list', JSON.stringify([ec])],
      ['null', 'null'],
      ['a set without keys', '{"keys":{}}'],
      ['an empty set', '{"keys":[]}'],
    ])('must not be %s, and the error shows no key', (_what, json) => {
      const refusal = refusalOf(json, production);
      expect(refusal).toBeInstanceOf(KeyRingError);
      expectNoKeyIn(refusal, [ec]);
      expect(refusal?.message).not.toContain('MIGH');
    });
  });
});

/** Neither the message nor the stack nor a cause contains a private member of the keys. */
function expectNoKeyIn(refusal: Error | undefined, keys: readonly unknown[]): void {
  const told = `${refusal?.message} ${refusal?.stack} ${String(refusal?.cause)}`;
  const secrets = keys.flatMap((key) => PRIVATE_MEMBERS.map((name) => (key as Partial<RingKey> | null)?.[name]));
  const material = secrets.filter((text): text is string => typeof text === 'string' && text.length > 0);
  expect(material.filter((text) => told.includes(text) || told.includes(text.slice(0, 12)))).toEqual([]);
}
