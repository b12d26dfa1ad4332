import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  decode,
  forge,
  macWith,
  makeKey,
  refreshKey,
  signerOf,
  signingKey,
  writeRing,
  type RingKey,
} from '../support/forge.js';
import { PROTECTED, refusal, startTandem, type Tandem } from '../support/harness.js';

const INVALID = { status: 401, code: 'UNAUTHENTICATED', reason: 'TOKEN_INVALID', recovery: 'LOG_IN' };

async function classifyError(tandem: Tandem, token: string): Promise<unknown> {
  const reply = await tandem.send(PROTECTED, {}, { token });
  return reply.errors ? refusal(reply) : reply.status;
}

/** All encodings of a server's public key that an attacker could use as an HMAC secret. */
function spellings(key: RingKey): [string, string | Buffer][] {
  const publicKey = createPublicKey({ key, format: 'jwk' });
  const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, signs_from: _from, ...published } = key;
  const exported: JsonWebKey = publicKey.export({ format: 'jwk' });
  const pems = [publicKey.export({ format: 'pem', type: 'spki' }).toString()];
  const ders = [publicKey.export({ format: 'der', type: 'spki' })];
  if (key.kty === 'RSA') {
    pems.push(publicKey.export({ format: 'pem', type: 'pkcs1' }).toString());
    ders.push(publicKey.export({ format: 'der', type: 'pkcs1' }));
  }
  return [
    ...pems.flatMap((pem): [string, string][] => [
      ['PEM', pem],
      ['PEM without the last newline', pem.trimEnd()],
      ['PEM with CRLF', pem.replaceAll('\n', '\r\n')],
      ['PEM on one line', pem.replaceAll('\n', '')],
      ['PEM with escaped newlines', pem.replaceAll('\n', '\\n')],
    ]),
    ...ders.map((der): [string, Buffer] => ['DER', der]),
    ...ders.map((der): [string, string] => ['DER in base64', der.toString('base64')]),
    ['JWK', JSON.stringify(exported)],
    ['JWK as published', JSON.stringify(published)],
    ['JWK Set as published', JSON.stringify({ keys: [published] })],
    ['coordinate or modulus', Buffer.from(exported.x ?? exported.n ?? '', 'base64url')],
    ['kid', key.kid],
    ['empty string', ''],
  ];
}

describe.each(['ES256', 'RS256'])('a server that signs by %s', (algorithm) => {
  let tandem: Tandem;
  let genuine: string;
  beforeAll(async () => {
    tandem = await startTandem({ AUTH_TOKEN_ALGORITHM: algorithm });
    genuine = (await tandem.login()).authToken;
  });
  afterAll(() => tandem.close());

  it('rejects HS256 tokens signed with any encoding of its public key', async () => {
    const key = signingKey(tandem);
    const accepted: string[] = [];
    for (const [what, secret] of spellings(key)) {
      for (const header of [{ alg: 'HS256' }, { alg: 'HS256', kid: undefined }, {}]) {
        const answer = await classifyError(tandem, forge(genuine, macWith(secret), { header }));
        if (JSON.stringify(answer) !== JSON.stringify(INVALID)) accepted.push(`${what} ${JSON.stringify(header)}`);
      }
    }
    expect(accepted).toEqual([]);
    expect(await classifyError(tandem, forge(genuine, signerOf(key)))).toBe(200);
  });

  it('rejects auth tokens signed with the secret of refresh tokens', async () => {
    const key = refreshKey(tandem);
    for (const kid of [key.kid, decode(genuine).header['kid']]) {
      const token = forge(genuine, signerOf(key), { header: { alg: 'HS256', kid } });
      expect(await classifyError(tandem, token)).toEqual(INVALID);
    }
  });
});

describe('a server that signs by HS256', () => {
  let tandem: Tandem;
  let genuine: string;
  beforeAll(async () => {
    tandem = await startTandem({ AUTH_TOKEN_ALGORITHM: 'HS256' });
    genuine = (await tandem.login()).authToken;
  });
  afterAll(() => tandem.close());

  it.each(['', 'secret', 'changeme', 'your-256-bit-secret', 'undefined', 'null', 'tandem', '\0'.repeat(32)])(
    'rejects tokens signed with the secret %j',
    async (secret) => {
      expect(await classifyError(tandem, forge(genuine, macWith(secret)))).toEqual(INVALID);
    },
  );

  it('rejects tokens signed with the text of its secret or of its key ring', async () => {
    const { k } = signingKey(tandem);
    for (const secret of [String(k), readFileSync(tandem.keyRingPath)]) {
      expect(await classifyError(tandem, forge(genuine, macWith(secret)))).toEqual(INVALID);
    }
  });

  it('publishes no key', async () => {
    const response = await fetch(`${tandem.url}/.well-known/jwks.json`);
    expect(await response.json()).toEqual({ keys: [] });
  });
});

describe('a server with several keys', () => {
  const keys = {
    ES256: makeKey('ES256', { kid: 'first' }),
    'another ES256': makeKey('ES256', { kid: 'second' }),
    RS256: makeKey('RS256', { kid: 'third' }),
    HS256: makeKey('HS256', { kid: 'fourth' }),
  };
  const names = Object.keys(keys) as (keyof typeof keys)[];
  const pairs = names.flatMap((signedBy) => names.map((named) => ({ signedBy, named })));
  let tandem: Tandem;
  let instance: Tandem;
  let genuine: string;

  beforeAll(async () => {
    tandem = await startTandem();
    genuine = (await tandem.login()).authToken;
    writeRing(tandem, [...Object.values(keys), refreshKey(tandem)]);
    instance = await tandem.startInstance();
  });
  afterAll(() => tandem.close());

  it.each(names)('accepts a token of its %s key with the key ID of that key', async (name) => {
    const { kid, alg } = keys[name];
    expect(await classifyError(instance, forge(genuine, signerOf(keys[name]), { header: { kid, alg } }))).toBe(200);
  });

  it.each(pairs.filter(({ signedBy, named }) => signedBy !== named))(
    'rejects a token of its $signedBy key with the key ID of its $named key',
    async ({ signedBy, named }) => {
      for (const alg of [keys[signedBy].alg, keys[named].alg]) {
        const token = forge(genuine, signerOf(keys[signedBy]), { header: { kid: keys[named].kid, alg } });
        expect(await classifyError(instance, token)).toEqual(INVALID);
      }
    },
  );

  it.each(names)('rejects a token of its %s key with another algorithm', async (name) => {
    const { kid, alg } = keys[name];
    for (const other of ['ES256', 'RS256', 'HS256', 'PS256', 'none'].filter((candidate) => candidate !== alg)) {
      const token = forge(genuine, signerOf(keys[name]), { header: { kid, alg: other } });
      expect(await classifyError(instance, token)).toEqual(INVALID);
    }
  });
});
