import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { calculateJwkThumbprint, type JWK } from 'jose';
import { loadKeyRing } from '../../src/keys/key-ring-file.js';
import { KeyRingError } from '../../src/keys/key-ring-jwks.js';
import { decode, makeKey, refreshKey, ringKeys, signingKey, writeRing } from '../support/forge.js';
import { PROTECTED, startTandem, type Tandem } from '../support/harness.js';
import { makeScratch, type Scratch } from '../support/scratch.js';

describe('the key ring file', () => {
  let scratch: Scratch;
  let keyRingPath: string;
  beforeEach(() => {
    scratch = makeScratch();
    keyRingPath = join(scratch.path, 'keys', 'key-ring.json');
  });
  afterEach(() => scratch.remove());

  const load = (production: boolean, algorithm?: 'ES256' | 'RS256' | 'HS256') =>
    loadKeyRing({ production, file: keyRingPath, algorithm }, 1_900_000_000);

  it('is created at the first start, readable by its owner only', () => {
    load(false);
    expect(statSync(keyRingPath).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(keyRingPath)).mode & 0o777).toBe(0o700);
    expect(readdirSync(dirname(keyRingPath))).toEqual(['key-ring.json']);
  });

  it('contains an ES256 key with its thumbprint as key ID, and a secret for refresh tokens', async () => {
    load(false);
    const key = signingKey({ keyRingPath });
    expect(key).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', signs_from: 1_900_000_000 });
    expect(key.kid).toBe(await calculateJwkThumbprint(key as JWK));
    const secret = refreshKey({ keyRingPath });
    expect(Buffer.from(String(secret.k), 'base64url')).toHaveLength(32);
    expect(ringKeys({ keyRingPath })).toHaveLength(2);
  });

  it.each(['RS256', 'HS256'] as const)('contains an %s key when that is configured', async (algorithm) => {
    load(false, algorithm);
    const key = signingKey({ keyRingPath });
    expect(key.alg).toBe(algorithm);
    const thumbprint = await calculateJwkThumbprint(key as JWK);
    if (algorithm === 'RS256') {
      expect(key.kid).toBe(thumbprint);
      expect(Buffer.from(String(key.n), 'base64url').length).toBeGreaterThanOrEqual(256);
    } else {
      expect(key.kid).not.toBe(thumbprint); // every token would reveal it
    }
  });

  it('is not changed by the next start, in production too', () => {
    load(false);
    const keys = ringKeys({ keyRingPath });
    const rings = [load(false), load(true)];
    expect(ringKeys({ keyRingPath })).toEqual(keys);
    for (const ring of rings) expect([...ring.signingKeys.keys()]).toEqual([signingKey({ keyRingPath }).kid]);
  });

  it('gets a key of a newly configured algorithm and keeps the others', () => {
    load(false);
    const before = ringKeys({ keyRingPath });
    load(false, 'RS256');
    const after = ringKeys({ keyRingPath });
    expect(after.slice(0, 2)).toEqual(before);
    expect(after.slice(2)).toMatchObject([{ alg: 'RS256', use: 'sig' }]);
    expect(statSync(keyRingPath).mode & 0o777).toBe(0o600);
  });

  it('is not created in production: the start fails', () => {
    expect(() => load(true)).toThrow(KeyRingError);
    expect(existsSync(keyRingPath)).toBe(false);
  });

  it.each([0o640, 0o440])('is accepted in production with the mode %o if root owns it', (mode) => {
    load(false);
    chmodSync(keyRingPath, mode);
    if (statSync(keyRingPath).uid === 0) expect(() => load(true)).not.toThrow();
    else expect(() => load(true)).toThrow(KeyRingError);
    expect(statSync(keyRingPath).mode & 0o777).toBe(mode);
  });

  it.each([0o640, 0o440])('is rejected in production with the mode %o if another user owns it', (mode) => {
    load(false);
    chmodSync(keyRingPath, mode);
    if (process.getuid?.() === 0) chownSync(keyRingPath, 12_345, 12_346);
    expect(() => load(true)).toThrow(KeyRingError);
  });

  it('is rejected when it is a folder, by its name', () => {
    mkdirSync(keyRingPath, { recursive: true });
    for (const production of [true, false]) expect(() => load(production)).toThrow(`${keyRingPath} is not a file`);
  });

  it.each([0o644, 0o604, 0o660, 0o620, 0o602])('is rejected in production with the mode %o', (mode) => {
    load(false);
    chmodSync(keyRingPath, mode);
    expect(() => load(true)).toThrow(KeyRingError);
    chmodSync(keyRingPath, 0o400);
    expect(() => load(true)).not.toThrow();
  });

  it.each([
    ['a signing key', () => [makeKey('HS256', { use: 'refresh' })]],
    ['a secret for refresh tokens', () => [makeKey('ES256')]],
    ['every key', () => []],
  ])('is rejected in production without %s, and is not changed', (_what, keys) => {
    load(false);
    writeRing({ keyRingPath }, keys());
    const before = ringKeys({ keyRingPath });
    expect(() => load(true)).toThrow(KeyRingError);
    expect(ringKeys({ keyRingPath })).toEqual(before);
  });

  it('is rejected in production without a key of the configured algorithm', () => {
    load(false);
    expect(() => load(true, 'RS256')).toThrow(KeyRingError);
  });
});

describe('the key ring in KEY_RING', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem()));
  afterAll(() => tandem.close());

  it('takes precedence over the file, which is neither read nor created', async () => {
    const key = makeKey('ES256', { kid: 'from-the-environment' });
    const KEY_RING = JSON.stringify({ keys: [key, refreshKey(tandem)] });
    const KEY_RING_FILE = `${tandem.keyRingPath}.unused`;
    const instance = await tandem.startInstance({ KEY_RING, KEY_RING_FILE });
    const { authToken } = await instance.login();
    expect(decode(authToken).header['kid']).toBe('from-the-environment');
    expect((await instance.send(PROTECTED, {}, { token: authToken })).status).toBe(200);
    expect(existsSync(KEY_RING_FILE)).toBe(false);
  });

  it('is rejected when it lacks a kind of key, in development too', () => {
    const json = JSON.stringify({ keys: [makeKey('ES256')] });
    expect(() => loadKeyRing({ production: false, json, file: '/nowhere' }, 0)).toThrow(KeyRingError);
  });
});
