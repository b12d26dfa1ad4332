import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  createRemoteJWKSet,
  jwtVerify,
  type JSONWebKeySet,
  type JWK,
} from 'jose';
import { decode, makeKey, refreshKey, ringKeys, signingKey, withFlippedBit, writeRing } from '../support/forge.js';
import { startTandem, type Tandem } from '../support/harness.js';

const MEMBERS: Record<string, string[]> = {
  ES256: ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
  RS256: ['alg', 'e', 'kid', 'kty', 'n', 'use'],
};

const jwksOf = async ({ url }: Tandem) => fetch(`${url}/.well-known/jwks.json`);

describe.each(['ES256', 'RS256'])('the published keys of a server that signs by %s', (algorithm) => {
  let tandem: Tandem;
  let keys: JSONWebKeySet;
  beforeAll(async () => {
    tandem = await startTandem({ AUTH_TOKEN_ALGORITHM: algorithm });
    keys = (await (await jwksOf(tandem)).json()) as JSONWebKeySet;
  });
  afterAll(() => tandem.close());

  it('are a JWK Set that may be cached for five minutes', async () => {
    const response = await jwksOf(tandem);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^application\/jwk-set\+json\b/);
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
  });

  it.each([
    ['the ETag', (etag: string) => etag],
    ['the weak ETag, which a compressing proxy sends', (etag: string) => `W/${etag}`],
    ['a list that contains the ETag', (etag: string) => `"another", ${etag}`],
    ['*', () => '*'],
  ])('are not sent again to a client that has them: %s', async (_what, condition) => {
    const url = `${tandem.url}/.well-known/jwks.json`;
    const etag = (await jwksOf(tandem)).headers.get('etag') ?? '';
    const statusFor = async (tags: string) => (await fetch(url, { headers: { 'if-none-match': tags } })).status;
    expect(await statusFor(condition(etag))).toBe(304);
    expect(await statusFor('"another"')).toBe(200);
  });

  it('contain public members only', () => {
    expect(keys.keys.map((key) => Object.keys(key).sort())).toEqual([MEMBERS[algorithm]]);
    expect(keys.keys).toMatchObject([{ alg: algorithm, use: 'sig' }]);
    const text = JSON.stringify(keys);
    for (const { d, k, p, q } of ringKeys(tandem)) {
      for (const secret of [d, k, p, q]) if (secret) expect(text).not.toContain(secret);
    }
  });

  it('have their thumbprints as key IDs, as tokens do', async () => {
    const [key] = keys.keys as [JWK];
    expect(key.kid).toBe(await calculateJwkThumbprint(key));
    expect(decode((await tandem.login()).authToken).header['kid']).toBe(key.kid);
  });

  it('let another service verify a token offline', async () => {
    const person = await tandem.person();
    const { authToken } = await tandem.login(person);
    const options = { issuer: 'http://localhost:4000', audience: 'tandem', typ: 'at+jwt', algorithms: [algorithm] };
    const { payload, protectedHeader } = await jwtVerify(authToken, createLocalJWKSet(keys), options);
    expect(payload.sub).toBe(person.id);
    expect(protectedHeader.typ).toBe('at+jwt');
    const remote = createRemoteJWKSet(new URL(`${tandem.url}/.well-known/jwks.json`));
    expect((await jwtVerify(authToken, remote, options)).payload.sub).toBe(person.id);
    await expect(jwtVerify(withFlippedBit(authToken), createLocalJWKSet(keys), options)).rejects.toThrow();
  });
});

describe('the published keys of a ring with several keys', () => {
  it('are all verifying keys, including future and retired signing keys, without secrets', async () => {
    const tandem = await startTandem();
    try {
      const [old, now] = [signingKey(tandem), makeKey('RS256', { kid: 'now', signs_from: 1 })];
      const next = makeKey('ES256', { kid: 'next', signs_from: 4_000_000_000 });
      const secret = makeKey('HS256', { kid: 'secret' });
      writeRing(tandem, [old, now, next, secret, refreshKey(tandem)]);
      const instance = await tandem.startInstance();
      const { keys } = (await (await jwksOf(instance)).json()) as JSONWebKeySet;
      expect(keys.map(({ kid }) => kid).sort()).toEqual([old.kid, 'now', 'next'].sort());
      expect(keys.flatMap((key) => Object.keys(key))).not.toEqual(expect.arrayContaining(['signs_from']));
    } finally {
      await tandem.close();
    }
  });
});
